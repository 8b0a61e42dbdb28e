from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

SIDES = ("in", "out")
# More than anybody selects by hand; whole filters are a matter of conditions.
MOST_AT_ONCE = 10_000


class MiniCrmSegment(models.Model):
    """Members by hand: put in, kept out, or left to the condition again."""

    _inherit = "mini_crm.segment"

    def pin(self, partner_ids, side):
        """Put customers into this segment for good, or keep them out (managers).

        :param list[int] partner_ids: customers that the user may see
        :param str side: ``in`` or ``out``
        :return: what stood there before, for ``put_back``:
            ``[[partner id, "in" | "out" | False], ...]``
        :rtype: list
        """
        if side not in SIDES:
            raise UserError(
                self.env._('A customer is pinned "in" or "out", not "%s".', side)
            )
        return self._pin([[partner_id, side] for partner_id in partner_ids])

    def unpin(self, partner_ids):
        """Let the condition decide about customers again (managers).

        :param list[int] partner_ids:
        :return: as of ``pin``
        :rtype: list
        """
        return self._pin([[partner_id, False] for partner_id in partner_ids])

    def put_back(self, before):
        """Undo ``pin`` or ``unpin`` (managers).

        Whoever is gone meanwhile, or has moved to another company, is left out.

        :param list before: what it has returned
        """
        try:
            before = [[int(partner_id), side] for partner_id, side in before]
        except (TypeError, ValueError):
            raise UserError(
                self.env._("This is not what pinning returned: nothing was undone.")
            ) from None
        self._check_number(before)
        here = self._pinnable([partner_id for partner_id, _side in before])
        self._pin([[one, side] for one, side in before if not side or one in here])

    def _pin(self, sides):
        """Write the sides of customers and bring their membership up to date.

        :param list sides: (partner id, "in", "out" or False)
        :return: the sides before
        :rtype: list
        """
        self.ensure_one()
        self.check_access("write")
        sides = dict(sides)
        self._check_number(sides)
        # whoever is gone or belongs to another company now can still be let go
        self._check_pinned(
            [one for one, side in sides.items() if side], set(sides.values())
        )
        before = self._sides(list(sides))
        changed = {one: side for one, side in sides.items() if side != before[one]}
        self._write_pins(changed)
        if changed:
            self._follow_pins(sorted(changed))
        return [[one, before[one]] for one in sides]

    def _check_number(self, chosen):
        if len(chosen) > MOST_AT_ONCE:
            raise UserError(
                self.env._(
                    "At most %s customers can be put in or taken out at once.",
                    f"{MOST_AT_ONCE:,}",
                )
            )

    def _check_pinned(self, partner_ids, sides):
        if sides - {"in", "out", False}:
            raise UserError(
                self.env._("This is not what pinning returned: nothing was undone.")
            )
        if missing := set(partner_ids) - self._pinnable(partner_ids):
            raise UserError(
                self.env._(
                    "%s of them are no customers of this company, or are gone. Load the"
                    " page again and choose from its list.",
                    len(missing),
                )
            )

    def _pinnable(self, partner_ids):
        """Those who can be put in or kept out: set of ids."""
        customers = self.env["res.partner"].with_context(active_test=False)
        found = customers.search(
            [
                ("id", "in", partner_ids),
                ("journey_stage", "!=", False),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        return set(found.ids)

    def _sides(self, partner_ids):
        """{partner id: "in", "out" or False} of these customers."""
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id, side FROM mini_crm_segment_pin
                WHERE segment_id = %s AND partner_id = ANY(%s)""",
                self.id,
                partner_ids,
            )
        )
        return {**dict.fromkeys(partner_ids, False), **dict(rows)}

    def _write_pins(self, sides):
        """One statement for those that stay pinned, one for those that do not."""
        loose = [one for one, side in sides.items() if not side]
        held = [(one, side) for one, side in sides.items() if side]
        if loose:
            self.env.execute_query(
                SQL(
                    """DELETE FROM mini_crm_segment_pin
                    WHERE segment_id = %s AND partner_id = ANY(%s) RETURNING 1""",
                    self.id,
                    loose,
                )
            )
        if held:
            self.env.execute_query(
                SQL(
                    """INSERT INTO mini_crm_segment_pin
                        (segment_id, partner_id, side, date, author_id)
                    SELECT %s, v.id, v.side, now() AT TIME ZONE 'UTC', %s
                    FROM unnest(%s::int[], %s::text[]) AS v (id, side)
                    ON CONFLICT (segment_id, partner_id) DO UPDATE
                    SET side = EXCLUDED.side, date = EXCLUDED.date,
                        author_id = EXCLUDED.author_id
                    RETURNING 1""",
                    self.id,
                    self.env.uid,
                    [one for one, _side in held],
                    [side for _one, side in held],
                )
            )
        self.env["mini_crm.segment.pin"].invalidate_model()

    def _follow_pins(self, partner_ids):
        """Bring the membership of these customers in this segment up to date.

        One that is archived, paused or broken holds what it holds; its pins count when
        it is built again.
        """
        self.filtered(
            lambda segment: segment.active and segment.status in ("waiting", "ready")
        )._refresh(partner_ids)
        self.invalidate_recordset(["member_count", "pin_count"])
