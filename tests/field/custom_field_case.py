from lxml import etree

from ..common import MiniCrmCase


class CustomFieldCase(MiniCrmCase):
    """Custom fields in English and Persian."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fa_IR")
        # others that ship with the add-on have no part in what is asserted
        shipped = cls.env["mini_crm.field"].search([])
        shipped.action_archive()
        for definition in shipped.filtered("slot"):
            definition.release_slot()
        cls.partners = cls.env["res.partner"].with_context(lang="en_US")
        cls.persian = cls.env["res.partner"].with_context(lang="fa_IR")

    @classmethod
    def define(cls, name, slot, persian=None, options=(), **values):
        """A custom field in a slot; ``options``: dicts of values."""
        definition = (
            cls.env["mini_crm.field"]
            .with_context(lang="en_US")
            .create(
                {
                    "name": name,
                    "key": name.lower().replace(" ", "_"),
                    "type": slot.split("_")[1] if slot else "text",
                    "slot": slot,
                    "option_ids": [(0, 0, option) for option in options],
                    **values,
                }
            )
        )
        if persian:
            definition.with_context(lang="fa_IR").name = persian
        return definition

    @classmethod
    def define_tier(cls):
        """A choice in ``custom_select_1``: gold, silver and, archived, bronze."""
        return cls.define(
            "Tier",
            "custom_select_1",
            persian="سطح",
            options=[
                {"name": "Gold", "code": "gold", "color": 3, "sequence": 1},
                {"name": "Silver", "code": "silver", "sequence": 2},
                {"name": "Bronze", "code": "bronze", "sequence": 3, "active": False},
            ],
        )

    def label(self, slot, model=None):
        """Label of a slot as ``fields_get`` tells it to the model's language."""
        model = self.partners if model is None else model
        return model.fields_get([slot], ["string"])[slot]["string"]

    def arch(self, kind, view=None, model=None):
        """The tree of one of our customer views, as an agent gets it."""
        model = self.partners if model is None else model
        view = self.env.ref(view or f"mini_crm.mini_crm_customer_view_{kind}")
        result = model.with_user(self.agent).get_views([(view.id, kind)])
        return etree.fromstring(result["views"][kind]["arch"])
