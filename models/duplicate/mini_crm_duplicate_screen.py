from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .reason_texts import reason_texts

PAGE = 10  # pairs of one page
MOST_SLOTS = 12  # custom fields that are compared side by side
SIDE = ("name", "has_photo", "crm_score", "crm_health", "journey_stage", "active")
ROWS = ("phone", "email", "street", "zip", "city", "ref", "vat")
ROWS += ("source_id", "user_id")
FACTS = ("total_purchases", "last_contacted_at", "customer_since")


class MiniCrmDuplicate(models.Model):
    """The queue as its screen shows it: pair by pair, the likeliest first."""

    _inherit = "mini_crm.duplicate"

    @api.model
    def get_queue(self, after=None):
        """A page of the pairs that wait for a decision (agents).

        :param list | None after: ``[bits, id]`` of the last pair that was shown
        :return: ``{pairs: [{id, state, score, bits, reasons: [{text, speaks_for}],
            sides: [{id, name, has_photo, crm_score, ...}], rows: [{name, label, kind,
            values: [one, other], differs}]}], total: how many wait, more: whether
            there are further ones, run: progress of the search or False, can_search,
            searched: when the last one ended (UTC) or False}``
        :rtype: dict
        :raises AccessError: for who is no agent
        """
        self.check_access("read")
        domain = Domain(self._shown())
        if after:
            domain &= self._after(after)
        pairs = self.search(domain, limit=PAGE + 1)
        page = self.browse(pairs.ids[:PAGE])
        return {
            "pairs": page._told_pairs(),
            "after": [page[-1].bits, page[-1].id] if page else False,
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

    def _told_pairs(self):
        """These pairs for the screen, without those that the user may not see."""
        slots = self.env["mini_crm.field"]._active_slots()[:MOST_SLOTS]
        partners = (self.partner_id | self.other_id)._filtered_access("read")
        partners.fetch([*SIDE, *ROWS, *slots, *FACTS])
        about = partners.fields_get(
            [*ROWS, *slots, *FACTS], ["string", "type", "selection"]
        )
        return [
            {
                "id": pair.id,
                "state": pair.state,
                "score": pair.score,
                "bits": pair.bits,
                "reasons": reason_texts(self.env, pair.reasons or []),
                "sides": [
                    {"id": partner.id, **{name: partner[name] for name in SIDE}}
                    for partner in (pair.partner_id, pair.other_id)
                ],
                "rows": _rows(pair.partner_id, pair.other_id, about),
            }
            for pair in self
            if pair.partner_id in partners and pair.other_id in partners
        ]


def _rows(one, other, about):
    """What two customers are compared by: fields that either has.

    :param dict about: fields as of ``fields_get``, in the order to show them
    """
    rows = []
    for name, field in about.items():
        values = [_value(partner, name, field) for partner in (one, other)]
        if any(values):
            differs = all(values) and values[0] != values[1] and name not in FACTS
            rows.append(
                {
                    "name": name,
                    "label": field["string"],
                    "kind": field["type"],
                    "values": values,
                    "differs": differs,
                }
            )
    order = [*ROWS, *about]
    return sorted(
        rows, key=lambda row: (row["name"] in FACTS, order.index(row["name"]))
    )


def _value(partner, name, field):
    """Value of a field for the screen: text, number, ISO date; False for none."""
    value = partner[name]
    if field["type"] == "many2one":
        return value.display_name or False
    if field["type"] == "selection":
        return dict(field["selection"]).get(value, value)
    if field["type"] == "date":
        return value.isoformat() if value else False
    if field["type"] == "float" and value == int(value):
        return int(value)
    return value
