from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine import duplicate_traits
from ...engine.duplicates import TELLING_BITS
from ..customer.shared_id import SharedId

CODES = ("vat", "ref")  # columns that hold a code in any shop
READ = ("phone_sanitized", "phone", "email_normalized", "street", "zip", "city", "vat")


class MiniCrmDuplicateTrait(models.Model):
    """What a customer is compared by; the id is the partner's.

    ``traits`` is text as ``engine.duplicate_traits`` packs it. A column that the ORM
    does not know, ``keys`` (int[]), names the blocks that he is in.
    """

    _name = "mini_crm.duplicate.trait"
    _description = "What a Customer Is Compared By"
    _log_access = False
    _rec_name = "id"

    partner_id = SharedId("res.partner", "Customer")
    company_id = fields.Many2one("res.company", ondelete="cascade")
    traits = fields.Text(required=True)

    def init(self):  # pylint: disable=missing-return
        super().init()
        self.env.cr.execute(
            """
            ALTER TABLE mini_crm_duplicate_trait ADD COLUMN IF NOT EXISTS keys int[];
            CREATE INDEX IF NOT EXISTS mini_crm_duplicate_trait__keys_idx
                ON mini_crm_duplicate_trait USING gin (keys)
                WITH (gin_pending_list_limit = 256);
            ALTER TABLE mini_crm_duplicate_trait
                DROP CONSTRAINT IF EXISTS mini_crm_duplicate_trait_partner_fkey,
                ADD CONSTRAINT mini_crm_duplicate_trait_partner_fkey
                FOREIGN KEY (id) REFERENCES res_partner (id) ON DELETE CASCADE
            """
        )

    # Which columns of a customer

    @api.model
    def _slots(self):
        """Columns of dates and codes: {column: type}, in order."""
        rules = self.env["mini_crm.field"]._rules_by_slot()
        kinds = ("date", "text", "number")
        slots = {slot: r.type for slot, r in rules.items() if r.type in kinds}
        return {**dict.fromkeys(CODES, "text"), **slots}

    @api.model
    def _ways(self, kind):
        """Columns of custom fields that hold phones or e-mails: list of str."""
        rules = self.env["mini_crm.field"]._rules_by_slot()
        return [slot for slot, rule in rules.items() if rule.type == kind]

    @api.model
    def _telling(self, figures):
        """Slots of which a value nearly identifies a person: frozenset of str."""
        slots = self._slots()
        return frozenset(
            slot
            for slot, kind in slots.items()
            if figures.slots.get(slot, 0) >= (TELLING_BITS - 3 * (kind == "date"))
        )

    # Reading

    @api.model
    def _renew(self, partners, figures):
        """Read the traits of customers anew; drop those of others.

        :param SQL partners: condition on ``res_partner p``; what it names must be all
            that ``mini_crm_duplicate_trait t`` has by the same condition on ``t``
        :param figures: ``engine.duplicates.Figures``, for slots
        :return: list of (id, Traits) of those that have any
        """
        telling = self._telling(figures)
        rows = []
        for partner_id, company_id, traits in self._read(partners):
            rows.append((partner_id, company_id, traits))
        self._store(
            [
                (
                    partner_id,
                    company_id,
                    duplicate_traits.packed(traits),
                    str(duplicate_traits.keys(traits, telling)).translate(_BRACES),
                )
                for partner_id, company_id, traits in rows
            ]
        )
        return [(partner_id, traits) for partner_id, _company, traits in rows]

    def _read(self, partners):
        """Yield (id, company id, Traits) of active customers."""
        slots, phones = self._slots(), self._ways("phone")
        emails = self._ways("email")
        self.env["res.partner"].flush_model(
            ["name", "active", "company_id", *READ, "ref", *slots, *phones, *emails]
        )
        self.env.cr.execute(self._query(partners, slots, phones, emails))
        for row in self.env.cr.fetchall():
            partner_id, company_id, name, street, zip_, city = row[:6]
            calls, mails, handles = row[6:9]
            yield (
                partner_id,
                company_id,
                duplicate_traits.read(
                    name=name,
                    phones=calls,
                    emails=mails,
                    handles=handles,
                    street=street,
                    zip=zip_,
                    city=city,
                    slots=zip(slots, (x or "" for x in row[9:]), strict=True),
                ),
            )

    def _query(self, partners, slots, phones, emails):
        """SELECT of what `_read` reads."""

        def columns(names):
            return SQL("".join(", p.%s" for _n in names), *map(SQL.identifier, names))

        return SQL(
            """SELECT p.id, p.company_id, p.name, p.street, p.zip, p.city,
                array_remove(ARRAY[coalesce(p.phone_sanitized, p.phone)%(phones)s],
                    NULL) || coalesce(i.phones, '{}'),
                array_remove(ARRAY[p.email_normalized%(emails)s], NULL),
                coalesce(i.handles, '{}')%(slots)s
            FROM res_partner p JOIN mini_crm_profile pr ON pr.id = p.id
            LEFT JOIN LATERAL (
                SELECT array_agg(i.phone) FILTER (WHERE i.phone <> '') AS phones,
                    array_agg(i.username) FILTER (WHERE i.username <> '') AS handles
                FROM mini_crm_identity i WHERE i.partner_id = p.id) i ON TRUE
            WHERE p.active AND %(partners)s ORDER BY p.id""",
            phones=columns(phones),
            emails=columns(emails),
            slots=SQL("".join(", %s" for _s in slots), *map(_as_text, slots.items())),
            partners=partners,
        )

    def _store(self, rows):
        """Write (id, company id, traits, keys as text) where they differ."""
        ids, companies, traits, keys = (
            [row[column] for row in rows] for column in range(4)
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_duplicate_trait AS have
                    (id, company_id, traits, keys)
                SELECT id, company_id, traits, keys::int[] FROM unnest(
                    %s::int[], %s::int[], %s::text[], %s::text[])
                    AS r (id, company_id, traits, keys)
                ON CONFLICT (id) DO UPDATE SET company_id = excluded.company_id,
                    traits = excluded.traits, keys = excluded.keys
                WHERE (have.company_id, have.traits, have.keys) IS DISTINCT FROM
                    (excluded.company_id, excluded.traits, excluded.keys)""",
                ids,
                companies,
                traits,
                keys,
            )
        )

    @api.model
    def _tidy(self):
        """Many rows are new: bring statistics and the index of blocks up to date."""
        self.env.cr.execute("ANALYZE mini_crm_duplicate_trait")
        self._sort_in()

    @api.model
    def _sort_in(self):
        """Sort new rows into the index of blocks: till then each look-up reads them."""
        self.env.cr.execute(
            "SELECT gin_clean_pending_list('mini_crm_duplicate_trait__keys_idx')"
        )

    @api.model
    @contextmanager
    def _by_index(self):
        """Blocks are looked up by their index meanwhile.

        The planner does not know how few records are in one, and would read them all.
        """
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        yield
        self.env.cr.execute("SET LOCAL enable_seqscan = DEFAULT")

    @api.model
    def _drop_others(self, condition):
        """Drop the traits of who is no active customer any more.

        :param SQL condition: on ``mini_crm_duplicate_trait t``
        """
        self.env.cr.execute(
            SQL(
                """DELETE FROM mini_crm_duplicate_trait t WHERE %s AND NOT EXISTS (
                    SELECT FROM res_partner p JOIN mini_crm_profile pr ON pr.id = p.id
                    WHERE p.id = t.id AND p.active)""",
                condition,
            )
        )


_BRACES = str.maketrans("[]", "{}")


def _as_text(slot):
    """A column as text; of numbers whole ones only: a code has no fractions."""
    name, kind = slot
    column = SQL.identifier("p", name)
    if kind == "number":
        return SQL(
            "CASE WHEN %(c)s = trunc(%(c)s) THEN %(c)s::numeric::bigint::text END",
            c=column,
        )
    return SQL("%s::text", column)
