from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .reason_texts import reason_texts

PAGE = 10  # pairs of one page
MOST_SLOTS = 12  # custom fields that are compared side by side
SIDE = ("name", "has_photo", "crm_score", "crm_health", "journey_stage", "active")
ROWS = ("phone", "email", "street", "zip", "city", "ref", "source_id", "user_id")
FACTS = ("total_purchases", "last_contacted_at", "customer_since")


class MiniCrmDuplicate(models.Model):
    """The queue as its screen shows it: pair by pair, the likeliest first."""

    _inherit = "mini_crm.duplicate"

    @api.model
    def get_queue(self, after=None, ids=None):
        """A page of the pairs that wait for a decision (agents).

        :param list | None after: ``[bits, id]`` of the last pair that was shown
        :param list | None ids: these pairs only, whatever their state
        :return: ``{pairs: [{id, state, score, bits, reasons: [{text, speaks_for}],
            sides: [{id, name, has_photo, crm_score, ...}], rows: [{name, label, kind,
            values: [one, other], differs}]}], total: how many wait, more: whether
            there are further ones, run: progress of the search or False, can_search,
            searched: when the last one ended (UTC) or False}``
        :rtype: dict
        :raises AccessError: for who is no agent
        """
        self.check_access("read")
        domain = Domain("id", "in", ids) if ids else Domain(self._shown())
        page = domain
        if after and not ids:
            page &= self._after(after)
        pairs = self.search(page, limit=PAGE + 1)
        seen = pairs[:PAGE]._seen()
        return {
            "pairs": [pair._told(seen) for pair in pairs[:PAGE] if pair in seen],
            "after": [pairs[:PAGE][-1].bits, pairs[:PAGE][-1].id] if pairs else False,
            "total": self.search_count(self._shown()),
            "more": len(pairs) > PAGE,
            **self.get_search(),
        }

    @api.model
    def get_search(self):
        """How far the search for duplicates is (agents).

        :return: ``run``: ``{id, percent}`` while one is under way, else False;
            ``can_search``; ``searched``: end of the last one, UTC, or False
        :rtype: dict
        """
        self.check_access("read")
        batches = self.env["mini_crm.batch"]
        run = batches._duplicate_run()
        # sudo: when it was is no secret to those who see what it has found
        last = batches.sudo().search(
            [("kind", "=", "duplicates"), ("state", "=", "done")], limit=1
        )
        return {
            "run": {"id": run.id, "percent": run._percent()} if run else False,
            "can_search": self.env.user.has_group("mini_crm.mini_crm_group_manager"),
            "searched": last.finished_at or False,
        }

    @api.model
    def _after(self, after):
        """Domain of the pairs behind one that was shown.

        :raises UserError: when ``after`` makes no sense
        """
        try:
            bits, last_id = float(after[0]), int(after[1])
        except (TypeError, ValueError, IndexError, KeyError) as error:
            raise UserError(
                self.env._("“after” is the evidence and the id of the last pair shown.")
            ) from error
        return Domain("bits", "<", bits) | (
            Domain("bits", "=", bits) & Domain("id", "<", last_id)
        )

    def _seen(self):
        """Those pairs of which the user may see both customers."""
        partners = (self.partner_id | self.other_id)._filtered_access("read")
        partners.fetch([*SIDE, *ROWS, *FACTS])
        return self.filtered(
            lambda pair: pair.partner_id in partners and pair.other_id in partners
        )

    def _told(self, seen):
        """This pair for the screen: dict, see ``get_queue``."""
        both = self.partner_id, self.other_id
        return {
            "id": self.id,
            "state": self.state,
            "score": self.score,
            "bits": self.bits,
            "reasons": reason_texts(self.env, self.reasons or []),
            "sides": [
                {"id": partner.id, **{name: partner[name] for name in SIDE}}
                for partner in both
            ],
            "rows": self._rows(*both),
        }

    def _rows(self, one, other):
        """What both are compared by: fields that either has."""
        slots = self.env["mini_crm.field"]._active_slots()[:MOST_SLOTS]
        names = [*ROWS, *slots, *FACTS]
        described = one.fields_get(names, ["string", "type", "selection"])
        rows = []
        for name in names:
            if name not in described:
                continue  # of another role
            about = described[name]
            values = [_value(partner, name, about) for partner in (one, other)]
            if any(values):
                rows.append(
                    {
                        "name": name,
                        "label": about["string"],
                        "kind": about["type"],
                        "values": values,
                        "differs": all(values)
                        and values[0] != values[1]
                        and name not in FACTS,
                    }
                )
        return rows


def _value(partner, name, about):
    """Value of a field for the screen: text, number, ISO date; False for none."""
    value = partner[name]
    if about["type"] == "many2one":
        return value.display_name or False
    if about["type"] == "selection":
        return dict(about["selection"]).get(value, value)
    if about["type"] == "date":
        return value.isoformat() if value else False
    if about["type"] == "float" and value == int(value):
        return int(value)
    return value
