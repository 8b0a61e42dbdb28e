import json

from odoo import Command
from odoo.tools import SQL

from .bulk_case import BulkCase

PROPERTIES = [
    {
        "name": "taste",
        "string": "Taste",
        "type": "selection",
        "selection": [["sweet", "Sweet things"], ["salty", "Salty things"]],
    },
    {
        "name": "habits",
        "string": "Habits",
        "type": "tags",
        "tags": [["late", "Comes late", 1], ["cash", "Pays cash", 2]],
    },
    {"name": "visits", "string": "Visits", "type": "integer"},
    {"name": "line", "string": "Line", "type": "separator"},
]
LEVELS = [("gold", "Golden"), ("silver", "Silver ware")]


class IntakeCase(BulkCase):
    """Seven customers with values in fields of others; an administrator brings in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fa_IR")
        cls.make_sources()
        cls.intake = cls.env(user=cls.admin)["mini_crm.intake"]
        cls.env["mini_crm.profile"].flush_model()

    @classmethod
    def make_sources(cls):
        partner = cls.env.ref("base.model_res_partner").id

        def own(name, label, kind, **values):
            values = {"model_id": partner, "state": "manual", "ttype": kind, **values}
            return cls.env["ir.model.fields"].create(
                {"name": name, "field_description": label, **values}
            )

        own("x_shoe", "Shoe", "char")
        own("x_day", "First visit", "date")
        own("x_land", "Home", "many2one", relation="res.country")
        own("x_likes", "Likes", "many2many", relation="res.partner.category")
        own("x_points", "Points", "integer")
        level = own(
            "x_level",
            "Level",
            "selection",
            selection_ids=[
                Command.create({"value": code, "name": label, "sequence": index})
                for index, (code, label) in enumerate(LEVELS)
            ],
        )
        level.with_context(lang="fa_IR").field_description = "سطح"
        level.selection_ids[0].with_context(lang="fa_IR").name = "طلایی"
        definition = cls.env["properties.base.definition"]
        definition._get_definition_for_property_field(
            "res.partner", "properties"
        ).properties_definition = PROPERTIES
        cls.env.flush_all()
        cls.fill()

    @classmethod
    def fill(cls):
        """Values by SQL, as another program would leave them."""
        tags = cls.env["res.partner.category"].create(
            [{"name": "Tea"}, {"name": "Nuts"}]
        )
        country = cls.env.ref("base.ir").id
        for number, partner in enumerate(cls.partners):
            partner.x_likes = tags if number < 2 else False
            cls.env.flush_all()
            properties = {
                "taste": "salty" if number < 3 else False,
                "habits": ["late", "cash"] if number == 4 else False,
                "visits": number,
            }
            cls.env.cr.execute(
                SQL(
                    """UPDATE res_partner SET x_shoe = %s, x_day = %s, x_land = %s,
                        x_points = %s, x_level = %s, function = %s, properties = %s
                    WHERE id = %s""",
                    f" 3{number} " if number != 6 else "large",
                    f"2020-01-0{number + 1}",
                    country if number % 2 else None,
                    number,
                    LEVELS[number % 2][0],
                    f"Baker {number}" if number < 5 else "  ",
                    json.dumps(properties),
                    partner.id,
                )
            )
        cls.env.invalidate_all()

    # What a person does

    def check(self, choices, user=None):
        """Look: the batch, which is ready."""
        intake = self.intake.with_user(user) if user else self.intake
        batch = self.env["mini_crm.batch"].browse(intake.check(choices))
        self.work(batch)
        self.assertEqual(batch.state, "ready", batch.error)
        return batch

    def bring(self, choices, user=None, limit=3):
        """Look and run: the batch; what was shown must be what came of it."""
        batch = self.check(choices, user)
        shown = batch.progress()["sources"]
        intake = self.intake.with_user(user) if user else self.intake
        intake.run(batch.id)
        self.work(batch, limit)
        self.settle()
        self.assertEqual(batch.state, "done", batch.error)
        told = batch.progress()["sources"]
        for before, after in zip(shown, told, strict=True):
            self.assertEqual({**before, "new": False}, {**after, "new": False})
        names = ("updated", "unchanged", "skipped", "failed")
        for name in names:
            self.assertEqual(batch[name], sum(one[name] for one in told), name)
        self.assertEqual(batch.total, batch.done + batch.failed)
        return batch

    def field_of(self, batch, index=0):
        key = batch.settings["sources"][index]["key"]
        return self.env["mini_crm.field"].search([("key", "=", key)])

    def values(self, definition):
        """The customers' values in a field: list, ``None`` where there is none."""
        found = self.partners._custom_values()
        return [found[partner.id][definition.key] for partner in self.partners]
