import threading
from unittest.mock import patch

from psycopg2.errors import LockNotAvailable, UniqueViolation

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.orm.registry import DummyRLock
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger

from ...engine.fields import slot_type
from ...engine.slot_indexes import TABLE, slot_indexes
from ...models.field import res_partner_slot_search, slot_index_builder
from ..common import MiniCrmCase

KEY = "slot_index_test"
SLOT = "custom_number_15"
INDEX = f"mini_crm_{SLOT}_idx"
LOGGER = "odoo.addons.mini_crm.models.field.slot_index_builder"
JOB = "mini_crm.ir_cron_mini_crm_field_index"
# A condition of every kind, and the index that fits the SQL that Odoo makes of it.
CONDITIONS = [
    ("custom_text_30", "ilike", "silk", "_trgm_idx"),
    ("custom_text_30", "=ilike", "SILK%", "_trgm_idx"),
    ("custom_text_30", "=", "silk 7", "_trgm_idx"),
    ("custom_url_5", "ilike", "shop", "_trgm_idx"),
    ("custom_email_5", "=", "a@shop.example", "_trgm_idx"),
    ("custom_phone_5", "=", "+989120000000", "_idx"),
    ("custom_phone_5", "ilike", "912", "_trgm_idx"),
    ("custom_select_10", "in", ["gold", "lost"], "_idx"),
    ("custom_number_14", ">=", 5.0, "_idx"),
    ("custom_number_14", "=", 5.0, "_idx"),
    ("custom_date_10", "<=", "2020-01-31", "_idx"),
    ("custom_date_10.month_number", "=", 5, "_day_idx"),
    ("custom_boolean_10", "=", True, "_idx"),
]


VALUES = {"number": 7, "date": "2000-01-31", "boolean": True}


@tagged("post_install", "-at_install")
class TestFieldSlotIndexes(BaseCase):
    """The builder itself, on connections of its own; what it leaves is removed.

    No transaction is held open here: ``CREATE INDEX CONCURRENTLY`` would wait for it.
    """

    def setUp(self):
        super().setUp()
        self.db = get_db_name()
        self.registry = Registry(self.db)
        with self.transaction() as cr:
            cr.execute(
                """SELECT (SELECT coalesce(max(id), 0) FROM ir_cron_trigger),
                    (SELECT coalesce(max(id), 0) FROM mini_crm_score_run)"""
            )
            self.before = cr.fetchone()
            self.fill(cr, SLOT, 1)
        self.addCleanup(self.remove)

    def fill(self, cr, slot, value):
        """Give somebody a value in a slot: without any there is no index."""
        cr.execute(
            SQL(
                "UPDATE res_partner SET %s = %s WHERE id = 1",
                SQL.identifier(slot),
                value,
            )
        )

    def transaction(self):
        """A cursor of its own, as Odoo has them; commits."""
        return db_connect(self.db).cursor()

    def define(self, **values):
        """Define the field, or change its definition, and commit."""
        with self.transaction() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            fields = env["mini_crm.field"].with_context(active_test=False)
            field = fields.search([("key", "=", KEY)])
            if field:
                field.write(values)
            else:
                fields.create(
                    {
                        "name": "Index",
                        "key": KEY,
                        "type": "number",
                        "slot": SLOT,
                        **values,
                    }
                )

    def remove(self):
        with self.transaction() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            fields = env["mini_crm.field"].with_context(active_test=False)
            made = fields.search([("key", "=like", f"{KEY}%")])
            for slot in {SLOT, *made.mapped("slot")}:
                self.fill(cr, slot, None)
            made.action_archive()
            made.unlink()
        self.build()
        with self.transaction() as cr:  # what each change of definitions sets going
            cr.execute(
                """DELETE FROM ir_cron_trigger WHERE id > %s;
                DELETE FROM mini_crm_score_run WHERE id > %s""",
                self.before,
            )

    def build(self, patience=30):
        return slot_index_builder.build(self.db, patience)

    def index(self):
        """(valid, definition) of the index; None: there is none."""
        with self.transaction() as cr:
            return slot_index_builder.existing(cr).get(INDEX)

    def state(self):
        with self.transaction() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return env["mini_crm.field"].search([("key", "=", KEY)]).index_state

    def test_index_comes_and_goes_with_the_filter(self):
        self.define()
        self.assertIsNone(self.index(), "nobody who defines a field waits for it")
        self.assertEqual(self.state(), "preparing")
        self.assertTrue(self.build())
        self.assertEqual(self.index(), (True, slot_indexes(SLOT, None)[INDEX]))
        self.assertEqual(self.state(), "ready")
        with self.transaction() as cr:
            self.fill(cr, SLOT, None)
        self.assertTrue(self.build())
        self.assertIsNone(self.index(), "nobody looks for what nobody has")
        self.assertEqual(self.state(), "ready")
        with self.transaction() as cr:
            self.fill(cr, SLOT, 1)
        for without, again in (
            ({"show_in_filter": False}, {"show_in_filter": True}),
            ({"active": False}, {"active": True}),
        ):
            self.define(**without)
            self.assertTrue(self.build())
            self.assertIsNone(self.index())
            self.define(**again)
            self.assertTrue(self.build())
            self.assertTrue(self.index())

    def test_an_index_fits_what_odoo_asks_for(self):
        slots = sorted({name.split(".")[0] for name, *_rest in CONDITIONS})
        with self.transaction() as cr:
            fields = api.Environment(cr, SUPERUSER_ID, {})["mini_crm.field"]
            for slot in slots:
                kind = slot_type(slot)
                values = {"name": slot, "key": f"{KEY}_{slot}", "type": kind}
                fields.create({**values, "slot": slot})
                self.fill(cr, slot, VALUES.get(kind, "sample"))
        self.assertTrue(self.build())
        with self.transaction() as cr:
            partners = api.Environment(cr, SUPERUSER_ID, {})["res.partner"]
            self.assertTrue(partners.env.registry.has_trigram)
            cr.execute("SET LOCAL enable_seqscan = off")
            for name, operator, value, suffix in CONDITIONS:
                index = f"mini_crm_{name.split('.')[0]}{suffix}"
                with (
                    self.subTest(name=name, operator=operator),
                    patch.object(res_partner_slot_search, "NAMED", -1),  # not by id
                    cr.savepoint() as savepoint,
                ):
                    # so small a table is read faster by any index from end to end
                    for other in slot_index_builder.existing(cr).keys() - {index}:
                        cr.execute(SQL("DROP INDEX %s", SQL.identifier(other)))
                    query = partners._search([(name, operator, value)])
                    rows = partners.env.execute_query(SQL("EXPLAIN %s", query.select()))
                    savepoint.rollback()
                    plan = "\n".join(row[0] for row in rows)
                    self.assertIn(index, plan)
                    if "boolean" not in index:  # there the predicate says it all
                        self.assertIn("Index Cond", plan)

    def test_building_again_changes_nothing(self):
        self.define()
        self.build()
        with self.transaction() as cr:
            cr.execute(SQL("SELECT %s::regclass::oid", INDEX))
            before = cr.fetchone()
        self.assertTrue(self.build())
        with self.transaction() as cr:
            cr.execute(SQL("SELECT %s::regclass::oid", INDEX))
            self.assertEqual(cr.fetchone(), before)

    @mute_logger("odoo.sql_db")
    def test_an_unfinished_index_is_made_anew(self):
        self.define()
        with (
            slot_index_builder._autocommit(self.db) as cr,
            self.assertRaises(UniqueViolation),
        ):
            # fails half-way and leaves what a crash leaves
            cr.execute(
                SQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY %s ON %s ((1))",
                    SQL.identifier(INDEX),
                    SQL.identifier(TABLE),
                )
            )
        self.assertFalse(self.index()[0])
        self.assertEqual(self.state(), "preparing")
        self.assertTrue(self.build())
        self.assertEqual(self.index(), (True, slot_indexes(SLOT, None)[INDEX]))

    def test_an_index_of_another_definition_is_made_anew(self):
        self.define()
        with self.transaction() as cr:
            cr.execute(
                SQL(
                    "CREATE INDEX %s ON %s (id) WHERE %s > 5",
                    SQL.identifier(INDEX),
                    SQL.identifier(TABLE),
                    SQL.identifier(SLOT),
                )
            )
        self.assertTrue(self.build())
        self.assertEqual(self.index(), (True, slot_indexes(SLOT, None)[INDEX]))

    def test_two_builders_at_once_do_not_clash(self):
        self.define()
        results = []
        threads = [
            threading.Thread(target=lambda: results.append(self.build()))
            for _number in range(4)
        ]
        # a test run holds the lock of the registries, which every thread needs
        with patch.object(Registry, "_lock", DummyRLock()):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=60)
        self.assertEqual(len(results), 4)
        self.assertIn(True, results)
        self.assertTrue(self.index()[0])

    def test_a_long_transaction_is_waited_for_and_nothing_is_left_half_done(self):
        self.define()
        with self.transaction() as cr:
            cr.execute("SELECT count(*) FROM res_partner")
            cr.execute("SELECT pg_sleep(0.7)")
            self.assertFalse(self.build(patience=0))
        self.assertIsNone(self.index())
        self.assertTrue(self.build())
        self.assertTrue(self.index())

    @mute_logger("odoo.sql_db")
    def test_who_writes_a_contact_meanwhile_is_waited_for_briefly(self):
        self.define()
        builder = slot_index_builder._Builder
        with self.transaction() as writer:
            writer.execute("UPDATE res_partner SET ref = ref WHERE id = 1")
            with (
                slot_index_builder._autocommit(self.db) as cr,
                self.assertRaises(LockNotAvailable),
            ):
                builder(cr, self.registry, 0)._make(INDEX)
            writer.rollback()
        self.assertTrue(self.build())
        self.assertTrue(self.index()[0], "what the first attempt left is made anew")

    def test_the_connection_goes_back_as_it_came(self):
        self.build()
        with self.transaction() as cr:
            self.assertFalse(cr._cnx.autocommit)
            cr.execute("SELECT current_setting('lock_timeout')")
            self.assertEqual(cr.fetchone()[0], "0")
            # of this database: others have jobs of their own
            cr.execute(
                """SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
                AND database = (
                    SELECT oid FROM pg_database WHERE datname = current_database())"""
            )
            self.assertEqual(cr.fetchone()[0], 0)


@tagged("post_install", "-at_install")
class TestFieldSlotIndexJob(MiniCrmCase):
    """Who defines fields only wakes the job."""

    def wakeups(self):
        self.env.cr.precommit.run()
        job = self.env.ref(JOB)
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])

    def test_definitions_wake_the_job_once_and_make_no_index_themselves(self):
        before = self.wakeups()
        self.env.cr.execute("SELECT count(*) FROM pg_class WHERE relkind = 'i'")
        indexes = self.env.cr.fetchone()
        fields = self.env["mini_crm.field"].create(
            [
                {"name": "A", "key": "a1", "type": "text", "slot": "custom_text_29"},
                {"name": "B", "key": "b1", "type": "date", "slot": "custom_date_9"},
            ]
        )
        fields[0].show_in_filter = False
        self.assertEqual(self.wakeups(), before + 1)
        fields[1].name = "Renamed"
        self.assertEqual(self.wakeups(), before + 1)
        fields.active = False
        self.assertEqual(self.wakeups(), before + 2)
        self.env.cr.execute("SELECT count(*) FROM pg_class WHERE relkind = 'i'")
        self.assertEqual(self.env.cr.fetchone(), indexes)

    def test_job_starts_a_builder_only_where_something_is_to_be_done(self):
        started = []
        self.patch(slot_index_builder, "start", started.append)
        self.patch(slot_index_builder, "outstanding", lambda *_args: ([], []))
        self.env["mini_crm.field"]._cron_indexes()
        self.assertEqual(started, [])
        self.patch(slot_index_builder, "outstanding", lambda *_args: ([], ["one"]))
        self.env["mini_crm.field"]._cron_indexes()
        self.assertEqual(started, [self.env.cr.dbname])

    def test_a_database_without_trigrams_is_told_so(self):
        text = self.env["mini_crm.field"].create(
            {"name": "A", "key": "a1", "type": "text", "slot": "custom_text_29"}
        )
        number = self.env["mini_crm.field"].create(
            {"name": "B", "key": "b1", "type": "number", "slot": "custom_number_14"}
        )
        names = {*slot_indexes(text.slot, None), *slot_indexes(number.slot, None)}
        filled = [text.slot, number.slot]
        self.assertEqual(text._index_state(None, names, filled), "partly")
        self.assertEqual(number._index_state(None, names, filled), "ready")
        self.assertEqual(text._index_state("{}", names, filled), "preparing")

    def test_indexes_go_with_their_column(self):
        name = "mini_crm_custom_boolean_10_idx"
        self.env.cr.execute(
            SQL(
                """CREATE INDEX %s ON %s %s; ALTER TABLE %s DROP COLUMN %s CASCADE""",
                SQL.identifier(name),
                SQL.identifier(TABLE),
                SQL(slot_indexes("custom_boolean_10", None).popitem()[1]),
                SQL.identifier(TABLE),
                SQL.identifier("custom_boolean_10"),
            )
        )
        self.assertNotIn(name, slot_index_builder.existing(self.env.cr))
