from odoo import models
from odoo.tools import SQL

from ..condition.mini_crm_rule_preview import SAMPLES
from .hand_sql import LINKS
from .mini_crm_tag_rule_difference import NOBODY

NUMBERS = ("add", "remove", "keep", "by_hand", "declined")

# Each customer whom the rule finds or who carries the tag, with what would happen.
_CHANGES = """
    WITH wanted AS MATERIALIZED (SELECT w.id FROM (%(wanted)s) w (id)),
    linked AS MATERIALIZED (
        SELECT l.partner_id AS id FROM %(links)s l
        JOIN mini_crm_profile pr ON pr.id = l.partner_id
        WHERE l.category_id = %(tag)s),
    held AS MATERIALIZED (
        SELECT partner_id, bool_or(rule_id = %(rule)s) AS own,
            bool_or(rule_id = %(rule)s AND declined) AS declined,
            bool_or(rule_id <> %(rule)s AND NOT declined) AS others,
            bool_or(by_hand) AS by_hand, bool_or(NOT declined) AS by_rule
        FROM mini_crm_tag_origin WHERE category_id = %(tag)s GROUP BY partner_id),
    changes AS MATERIALIZED (
        SELECT coalesce(w.id, l.id) AS id, CASE
            WHEN l.id IS NULL AND h.declined THEN 'declined'
            WHEN l.id IS NULL THEN 'add'
            WHEN h.by_rule IS NOT TRUE OR h.by_hand THEN 'by_hand'
            WHEN w.id IS NOT NULL OR h.others OR NOT h.own THEN 'keep'
            ELSE 'remove' END AS change
        FROM wanted w FULL JOIN linked l ON l.id = w.id
        LEFT JOIN held h ON h.partner_id = coalesce(w.id, l.id))"""
_COUNTS = """
    %(changes)s
    SELECT count(*) FILTER (WHERE change = 'add') AS add,
        count(*) FILTER (WHERE change = 'remove') AS remove,
        count(*) FILTER (WHERE change = 'keep') AS keep,
        count(*) FILTER (WHERE change = 'by_hand') AS by_hand,
        count(*) FILTER (WHERE change = 'declined') AS declined,
        ARRAY(SELECT id FROM changes WHERE change = 'add' LIMIT %(few)s) AS adds,
        ARRAY(SELECT id FROM changes WHERE change = 'remove' LIMIT %(few)s) AS removes
    FROM changes"""


class MiniCrmTagRule(models.Model):
    """What saving a rule, or switching it off, would do."""

    _inherit = "mini_crm.tag.rule"

    def preview(self, domain=None, category_id=None):
        """What this rule would do with a condition and a tag, before it is saved.

        For managers, on a rule or on none (a new one).

        :param str | None domain: condition as text; default the rule's
        :param int | None category_id: the tag; default the rule's, ``False``: a new one
        :return: ``{"add", "remove", "keep", "by_hand", "declined", "samples",
            "problems"}``: numbers of customers who would get the tag, lose it, keep it
            because a rule holds it, keep it because a person put it on, and who go
            without it because a person took it off; ``samples`` are ``{"id", "name",
            "change"}`` of some (``add`` or ``remove``); ``problems`` are
            sentences about what is wrong with the condition, and then all numbers are 0
        :rtype: dict
        """
        self.check_access("write")
        domain = (self.domain if domain is None else domain) or "[]"
        tag_id = self.category_id.id if category_id is None else category_id
        conditions = self.env["mini_crm.condition"]
        problems = conditions._problems(domain)
        row = None
        if not problems:
            row = self._preview_row(self._wanted_by(domain), tag_id)
            problems = [] if row else [conditions._too_slow()]
        if problems:
            return {**dict.fromkeys(NUMBERS, 0), "samples": [], "problems": problems}
        samples = self._samples({"add": row.pop("adds"), "remove": row.pop("removes")})
        return {**row, "samples": samples, "problems": []}

    def what_goes(self):
        """What switching these rules off, or deleting them, would do; for managers.

        :return: ``{"remove", "keep"}``: numbers of customers who would lose the tag,
            and who would keep it because of a person or another rule; ``None`` both
            where counting took too long
        :rtype: dict
        """
        self.check_access("write")
        rows = [rule._preview_row(NOBODY, rule.category_id.id) for rule in self]
        if None in rows:
            return {"remove": None, "keep": None}
        return {
            "remove": sum(row["remove"] for row in rows),
            "keep": sum(row["keep"] + row["by_hand"] for row in rows),
        }

    def _preview_row(self, wanted, tag_id):
        """Numbers and ids of samples: {column of ``_COUNTS``: value}.

        ``None``: it took too long.
        """
        changes = SQL(
            _CHANGES,
            wanted=wanted,
            rule=self.id or 0,
            tag=tag_id or 0,
            links=LINKS,
        )
        return self._in_time(SQL(_COUNTS, changes=changes, few=SAMPLES))
