from datetime import date

from odoo import models
from odoo.tools import SQL

from ...engine.field_values import show_value
from ...engine.text import ascii_digits
from ..field.field_messages import short_value
from ..field.filled_sql import EXTRA, filled
from .bulk_target import Target
from .mini_crm_batch_intake_read import NEW

PORTION = 2_000  # customers of one transaction
EXAMPLES = 3  # of each source, in what a check tells
COUNTED = ("updated", "unchanged", "skipped", "failed")


class MiniCrmBatch(models.Model):
    """Bringing in: one portion of customers after the other, checked or written.

    A line of the batch is a value, in ``after``. ``cursor`` is the id of the last
    customer. ``report`` has, for the states checking and running, counts and examples
    of each source.
    """

    _inherit = "mini_crm.batch"

    def _step_migration(self, limit):
        batch = self._acting()
        upper, customers = batch._open_intake(min(limit, PORTION))
        if not customers:
            return batch._end_intake()
        batch._plan_intake()
        if batch.state == "running":
            batch._apply_intake(SQL("c.outcome = 'updated'"))
        batch._close_intake(upper)
        return customers

    # Planning

    def _plan_intake(self):
        """Give every row of the chunk its outcome: what will be set is updated."""
        self.env["mini_crm.version"]._hold()
        self._untouchable("skipped")
        self.env.cr.execute(
            """UPDATE mini_crm_chunk c SET outcome = 'failed', problem = c.refused
                || jsonb_build_object('value', c.shown)
            WHERE c.outcome IS NULL AND c.refused IS NOT NULL"""
        )
        entries = self.settings["sources"]
        for index, rule in enumerate(self._intake_rules()):
            mine = SQL("c.source = %s", index)
            if not rule:
                self._refuse("undo_field_gone", mine)
            elif not rule.key.startswith(NEW):
                self._compare_intake(rule, mine, entries[index]["replace"])
        self._settle("updated", SQL("TRUE"))
        self.env.cr.execute(
            """UPDATE mini_crm_chunk SET
                problem = problem || jsonb_build_object('column', source)
            WHERE problem IS NOT NULL"""
        )

    def _compare_intake(self, rule, mine, replace):
        """Note the values before; whoever has this value, or another one, keeps it.

        :param FieldRule rule: of the field
        :param SQL mine: rows that are for it
        :param bool replace: whether another value gives way
        """
        target = Target.of_rule(rule)
        has = filled(rule, "p")
        if rule.type == "boolean":
            has = SQL("coalesce(%s::text::boolean, FALSE)", target.old)
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET has = %(has)s,
                    before = jsonb_build_object(%(key)s::text, %(old)s) ||
                        CASE WHEN %(none)s THEN '{"none": true}' ELSE '{}' END::jsonb,
                    outcome = CASE WHEN %(old)s IS NOT DISTINCT FROM %(new)s
                        THEN 'unchanged' END
                FROM res_partner p
                WHERE p.id = c.partner_id AND c.outcome IS NULL AND %(mine)s""",
                has=has,
                key=target.name,
                old=target.old,
                new=target.given(SQL("c.value")),
                none=SQL("FALSE")
                if target.column
                else SQL("p.custom_fields_extra IS NULL"),
                mine=mine,
            )
        )
        if not replace:
            self._refuse("intake_kept", SQL("c.has AND %s", mine))

    # Writing

    def _apply_intake(self, which, *, back=False):
        """Write rows of the chunk to their customers, and tell of it.

        One statement and one event for each customer, whatever he gets.

        :param SQL which: rows, over ``c``
        :param bool back: write the values before
        """
        old, new = SQL("c.before -> c.key"), SQL("c.value")
        if back:
            old, new = new, old
        targets = [Target.of_rule(rule) for rule in self._intake_rules() if rule]
        if not targets:
            return
        ctes = SQL(
            """changed AS (
                UPDATE res_partner p SET %(sets)s, write_uid = %(uid)s,
                    write_date = now() AT TIME ZONE 'utc'
                FROM (
                    SELECT c.partner_id, jsonb_object_agg(c.key, %(new)s) AS new,
                        jsonb_object_agg(c.key, jsonb_build_array(%(old)s, %(new)s))
                            AS told,
                        bool_or(c.before ? 'none') AS none
                    FROM mini_crm_chunk c WHERE %(which)s
                    GROUP BY c.partner_id) v
                WHERE p.id = v.partner_id
                RETURNING p.id AS partner_id, v.told)""",
            sets=SQL(", ").join(_assignments(targets)),
            uid=self.env.uid,
            old=old,
            new=new,
            which=which,
        )
        self._bulk_log("field_updated", SQL("r.told"), ctes, "changed")
        self._forget_written(sorted({target.column or EXTRA for target in targets}))

    # The end of a portion, and of all

    def _close_intake(self, upper):
        """Write the rows to lines, count them, move the cursor.

        A check keeps only those with a reason; what is as it should be has no line.
        """
        self.env.flush_all()
        running = self.state == "running"
        report = self._counted_intake()
        first = sum(sum(one[name] for name in COUNTED) for one in self._told_intake())
        self.env.cr.execute(
            SQL(
                """WITH lines AS (
                    INSERT INTO mini_crm_batch_line
                        (batch_id, row, state, key, before, after, res_id)
                    SELECT %s, %s + c.id, c.outcome, c.key, c.before,
                        jsonb_build_object('value', c.value), c.partner_id
                    FROM mini_crm_chunk c WHERE %s ORDER BY c.id
                    RETURNING id, row)
                UPDATE mini_crm_chunk c SET row = l.row, id = l.id FROM lines l
                WHERE l.row = %s + c.id""",
                self.id,
                first,
                SQL("c.outcome <> 'unchanged'")
                if running
                else SQL("c.problem IS NOT NULL"),
                first,
            )
        )
        self._tell_bulk()
        if running:
            self._count(self._chunk_counts())
        self.report = report
        self.cursor = upper
        self.env["mini_crm.batch.line"].invalidate_model()

    def _told_intake(self):
        """Counts and examples of each source so far, in this state: list of dict."""
        told = (self.report or {}).get(self.state)
        return told or [
            {**dict.fromkeys(COUNTED, 0), "examples": []}
            for _entry in self.settings["sources"]
        ]

    def _counted_intake(self):
        """The report with the rows of this portion added: dict."""
        told = [{**one, "examples": [*one["examples"]]} for one in self._told_intake()]
        self.env.cr.execute(
            """SELECT source, outcome, count(*) FROM mini_crm_chunk GROUP BY 1, 2"""
        )
        for index, outcome, count in self.env.cr.fetchall():
            told[index][outcome] += count
        if any(len(one["examples"]) < EXAMPLES for one in told):
            self._take_examples(told)
        return {**(self.report or {}), self.state: told}

    def _take_examples(self, told):
        """Add the first different values that are set to the report: from, to.

        Twice as many are asked for, as some of them may stand there already.
        """
        rules, persian = self._intake_rules(), self._in_persian()
        self.env.cr.execute(
            SQL(
                """SELECT source, shown, value FROM (
                    SELECT r.*, row_number() OVER (
                        PARTITION BY source ORDER BY partner_id) AS number
                    FROM (SELECT DISTINCT ON (source, shown)
                            source, shown, value, partner_id
                        FROM mini_crm_chunk WHERE outcome = 'updated'
                        ORDER BY source, shown, partner_id) r) r
                WHERE number <= %s ORDER BY source, number""",
                2 * EXAMPLES,
            )
        )
        for index, shown, value in self.env.cr.fetchall():
            examples = told[index]["examples"]
            known = shown in (example["from"] for example in examples)
            if rules[index] and not known and len(examples) < EXAMPLES:
                to = _shown(rules[index], value, persian)
                examples.append({"from": shown, "to": short_value(to)})

    def _end_intake(self):
        told = self._told_intake()
        self.report = {**(self.report or {}), self.state: told}
        self.total = sum(sum(one[name] for name in COUNTED) for one in told)
        if self.state == "checking":
            self.report = {**self.report, "warnings": self._intake_warnings()}
            self._set_ready()
        else:
            self._set_done()
        return 1

    def _blame(self, error):
        """One customer whom the database refuses: report him, go on with the next."""
        going = self.kind == "migration" and self.state == "running" and self._may_act()
        batch = self._acting() if going else self
        upper, customers = batch._open_intake(1) if going else (0, 0)
        if not customers:
            super()._blame(error)
            return
        batch._blame_chunk(error, "failed")
        batch._close_intake(upper)


def _stored(rule, value):
    """A value of JSON as the engine has it."""
    if rule.type == "date":
        return date.fromisoformat(value)
    return float(value) if rule.type == "number" else value


def _shown(rule, value, persian):
    """A value of JSON as screens show it: digits are Latin in Persian too."""
    text = show_value(rule, _stored(rule, value), persian and rule.type != "number")
    return ascii_digits(text) if rule.type == "date" else text


def _assignments(targets):
    """What an UPDATE of contacts ``p`` from ``v`` sets: list of SQL.

    ``v.new`` is {key: value}, of which null empties; ``v.none``: there was nothing
    beyond the slots at all.
    """
    sets, beyond = [], []
    for target in targets:
        if not target.column:
            beyond.append(target.name)
            continue
        sets.append(
            SQL(
                "%s = CASE WHEN v.new ? %s THEN %s ELSE %s END",
                SQL.identifier(target.column),
                target.name,
                target.given(SQL("(v.new -> %s)", target.name)),
                target.old,
            )
        )
    if beyond:
        sets.append(_beyond(beyond))
    return sets


def _beyond(keys):
    """The assignment of the keys that have no slot."""
    return SQL(
        """custom_fields_extra = CASE WHEN v.new ?| %(keys)s::text[] THEN
            coalesce(nullif((CASE WHEN jsonb_typeof(p.custom_fields_extra) = 'object'
                    THEN p.custom_fields_extra ELSE '{}' END
                || (SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(v.new) e
                    WHERE e.key = ANY(%(keys)s)))
                - ARRAY(SELECT e.key FROM jsonb_each(v.new) e
                    WHERE e.key = ANY(%(keys)s) AND e.value = 'null'), '{}'),
                CASE WHEN v.none THEN NULL ELSE '{}'::jsonb END)
            ELSE p.custom_fields_extra END""",
        keys=keys,
    )
