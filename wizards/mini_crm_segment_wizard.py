import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.condition.mini_crm_rule_evaluation import NOT_ITS_FAULT

_logger = logging.getLogger(__name__)

# Beginnings besides the shipped segments: key, colour, icon, domain.
BEGINNINGS = (
    (
        "silent",
        "#FF9800",
        "fa-bell-slash-o",
        "[('total_purchases', '>', 0), '|', ('last_contacted_at', '<', 'today -60d'),"
        " '&', ('last_contacted_at', '=', False),"
        " ('customer_since', '<', 'today -60d')]",
    ),
    ("birthday", "#E91E63", "fa-birthday-cake", "[('birthday_period', '=', 'next_7')]"),
    ("spent", "#9C27B0", "fa-money", "[('total_spent', '>=', 500000)]"),
)
FIRST_STEP = 50_000  # customers looked at before the page opens, under a second
ICONS = {
    "vip": "fa-star",
    "inactive": "fa-moon-o",
    "new": "fa-user-plus",
    "high_value": "fa-diamond",
    "regular": "fa-refresh",
}


class MiniCrmSegmentWizard(models.TransientModel):
    """A person's way to a new segment: a beginning, its conditions, a name.

    It only gathers choices. The screen is the client action
    ``mini_crm_segment_wizard``.
    """

    _name = "mini_crm.segment.wizard"
    _description = "New Segment"

    name = fields.Char(required=True)
    color = fields.Char("Colour", default="#2196F3")
    domain = fields.Text("Condition", default="[]")
    kind = fields.Selection(
        selection=lambda self: self.env["mini_crm.segment"]._fields["kind"].selection,
        default="dynamic",
        required=True,
    )

    @api.model
    def beginnings(self):
        """What a new segment can begin with (managers).

        :return: list of ``{"key", "name", "sentence", "color", "icon", "domain",
            "field", "kind"}``; ``field`` is what a condition is still to be said of
        :rtype: list[dict]
        """
        self.env["mini_crm.segment"].check_access("create")
        return [
            *self._of_shop(),
            *self._of_source(),
            *self._of_industries(),
            *self._of_shipped(),
            *self._of_nothing(),
        ]

    def create_segment(self):
        """Make the segment that was gathered (managers).

        :return: its id
        :rtype: int
        """
        self.ensure_one()
        if not self.name.strip():
            raise UserError(self.env._("Give the segment a name."))
        segment = self.env["mini_crm.segment"].create(
            {
                "name": self.name.strip(),
                "color": self.color,
                "domain": self.domain if self.kind == "dynamic" else "[]",
                "kind": self.kind,
            }
        )
        try:
            # A point to go back to: this transaction still sees what it saw, but
            # nothing is written after it any more.
            with self.env.cr.savepoint():
                # sudo: members are written by the machine only. The first step shows
                # the customers at once; the worker goes on where there are more.
                segment.sudo()._step(FIRST_STEP, again=True)
        except NOT_ITS_FAULT as error:
            _logger.info("%s is left to the worker: %s", segment, error)
        return segment.id

    def _beginning(self, key, name, color, icon, domain, **more):
        sentence = self.env["mini_crm.condition"]._sentence(domain) if domain else ""
        return {
            "key": key,
            "name": name,
            "sentence": sentence,
            "color": color,
            "icon": icon,
            "domain": domain or "[]",
            "field": False,
            "kind": "dynamic",
            **more,
        }

    def _of_shop(self):
        """Bought and fell silent, birthday soon, spent at least."""
        names = {
            "silent": self.env._("Bought before, silent now"),
            "birthday": self.env._("Birthday soon"),
            "spent": self.env._("Spent at least an amount"),
        }
        known = self.env["mini_crm.condition"]
        return [
            self._beginning(key, names[key], color, icon, domain)
            for key, color, icon, domain in BEGINNINGS
            if not known._problems(domain)
        ]

    def _of_source(self):
        source = self.env["utm.source"].search(
            [("name", "=ilike", "instagram")], limit=1
        )
        if not source:
            return []
        return [
            self._beginning(
                "source",
                self.env._("Came from %s", source.name),
                "#E1306C",
                "fa-bullhorn",
                f"[('source_id', 'in', [{source.id}])]",
            )
        ]

    def _of_industries(self):
        """Segments of the applied industries whose fields are there."""
        condition = self.env["mini_crm.condition"]
        # sudo: industries are the administrators', their segments every manager's
        applied = (
            self.env["mini_crm.industry"].sudo().search([("is_applied", "=", True)])
        )
        lang = self.env.lang or "en_US"
        found = []
        for industry in applied:
            steps = industry._plan()
            for entry in industry.segments or []:
                domain = industry._rule_domain(entry, steps)
                if domain and not condition._problems(domain):
                    names = entry["name"]
                    found.append(
                        self._beginning(
                            f"{industry.key}.{entry['key']}",
                            names.get(lang, names["en_US"]),
                            "#607D8B",
                            industry.icon,
                            domain,
                        )
                    )
        return found

    def _of_shipped(self):
        lang = self.env.lang or "en_US"
        return [
            self._beginning(
                entry["key"],
                entry["name"].get(lang, entry["name"]["en_US"]),
                entry["color"],
                ICONS[entry["key"]],
                entry["domain"],
            )
            for entry in self.env["mini_crm.segment"]._shipped()
            if entry["key"] in ICONS
        ]

    def _of_nothing(self):
        return [
            self._beginning(
                "tag",
                self.env._("With a tag"),
                "#00BCD4",
                "fa-tag",
                "",
                field="category_id",
                sentence=self.env._("You choose the tag."),
            ),
            self._beginning(
                "empty",
                self.env._("Your own conditions"),
                "#2196F3",
                "fa-sliders",
                "",
                sentence=self.env._("Begin with nothing and say what must hold."),
            ),
            self._beginning(
                "static",
                self.env._("Picked by hand"),
                "#9E9E9E",
                "fa-hand-pointer-o",
                "",
                kind="static",
                sentence=self.env._("You put customers in and take them out."),
            ),
        ]
