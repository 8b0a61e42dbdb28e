from odoo import api, models

from ...engine.workflow_check import Problem
from ...engine.workflow_kinds import CHANNELS, KEPT_DATES
from ...engine.workflow_references import TRIGGER, configured, references

# Basic fields of a contact that definitions name as they do custom ones: name -> type.
BASIC = {"name": "text", "email": "email", "phone": "phone"}
# Types of fields into which an answer of a type fits; of others, any.
FITS = {
    "number": ("number", "text"),
    "email": ("email", "text"),
    "phone": ("phone", "text"),
    "date": ("date", "text"),
    "datetime": ("date", "text"),
    "yes_no": ("boolean", "text"),
    "file": (),
}


class MiniCrmWorkflow(models.Model):
    """What only the database knows of a definition: whether what it names is there."""

    _inherit = "mini_crm.workflow"

    @api.model
    def _reference_problems(self, definition):
        """What a definition names in vain, in the current company.

        :param dict definition: one that ``engine.workflow_check`` finds sound
        :rtype: list[engine.workflow_check.Problem]
        """
        found = []
        for node, setting, value in configured(definition):
            config = (
                definition["trigger"] if node == TRIGGER else definition["nodes"][node]
            )
            for code, detail in self._setting_problems(setting, value, config):
                found.append(Problem(node, code, setting.name, {"given": detail}))
        return found

    @api.model
    def _setting_problems(self, setting, value, config):
        """(code, what is meant) of what is wrong with one setting."""
        if setting.kind == "record":
            if not self._is_there(setting.model, value):
                yield "record_gone", str(value)
        elif setting.kind == "field":
            yield from self._field_problems(value, config)
        elif setting.kind == "names" and setting.name == "fields":
            known = self._field_types()
            yield from (("field_gone", name) for name in value if name not in known)
        elif setting.kind == "domain":
            conditions = self.env["mini_crm.condition"]
            yield from (("condition", text) for text in conditions._problems(value))
        elif setting.kind == "url":
            if code := self.env["mini_crm.workflow.call"]._refusal(value):
                yield f"url_{code}", value
        elif setting.name in ("channel", "channels"):
            yield from self._channel_problems(value)

    @api.model
    def _channel_problems(self, value):
        """(code, name) of channels without an account, of one or of a list."""
        for channel in [value] if isinstance(value, str) else value:
            if channel in CHANNELS and not self._has_channel(channel):
                yield "channel_missing", channel

    @api.model
    def _is_there(self, model, record_id):
        """Whether a record may be named: found, in use, of this company."""
        if not isinstance(record_id, int):
            return False
        found = self.env[model].search([("id", "=", record_id)])
        if model == "res.users":
            # sudo: which companies a colleague works in
            found = found.sudo().filtered(
                lambda user: not user.share and self.env.company in user.company_ids
            )
        return bool(found)

    @api.model
    def _field_problems(self, name, config):
        """(code, name) of a field that a trigger or node names."""
        kind = config.get("kind")
        types = self._date_types() if kind == "delay" else self._field_types()
        if name not in types:
            yield "field_gone", name
        elif kind == "delay" and types[name] != "date":
            yield "field_no_date", name
        elif kind == "ask":
            answer = config.get("answer", "text")
            if answer in FITS and types[name] not in FITS[answer]:
                yield "field_unfit", name

    @api.model
    def _field_types(self):
        """Fields that definitions may name: {key or basic name: type}."""
        looks = self.env["mini_crm.field"]._looks().active
        return {**BASIC, **{look.key: look.type for look in looks}}

    @api.model
    def _date_types(self):
        """Fields that a wait for a date may name, those of other types too."""
        return {**self._field_types(), **dict.fromkeys(KEPT_DATES, "date")}

    @api.model
    def _has_channel(self, kind):
        """Whether the company has a connected account; mail needs none."""
        return kind == "email" or bool(
            self.env["mini_crm.channel"].search_count(
                [
                    ("type", "=", kind),
                    ("state", "=", "live"),
                    ("company_id", "=", self.env.company.id),
                ],
                limit=1,
            )
        )

    # The other way round: what names a record

    @api.model
    def _that_name(self, kind, *values):
        """Workflows that name something, in what is edited or what customers follow.

        :param str kind: see ``engine.workflow_references.Reference``
        :param values: ids, keys or columns
        """
        # sudo: one that this person may not see breaks as well
        workflows = self.sudo().with_context(active_test=False).search([])
        wanted = {(kind, value) for value in values}
        return workflows.filtered(lambda one: wanted & one._names())

    def _names(self):
        """What this workflow names: set of (kind, value)."""
        runs = self.env["mini_crm.workflow.run"]._read_group(
            [("workflow_id", "=", self.id), ("state", "in", ("running", "waiting"))],
            ["version_id"],
        )
        definitions = [self.definition, self.version_id.definition]
        definitions += [version.definition for (version,) in runs]
        return {
            (found.kind, found.value)
            for definition in definitions
            for found in references(definition or None)
        }

    def _usage_rows(self):
        """These workflows as rows of ``usages`` of what they name."""
        return [
            {
                "kind": self.env._("Workflow"),
                "name": one.name,
                "model": one._name,
                "id": one.id,
            }
            for one in self
        ]
