from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..engine.fields import SLOT_COUNTS


class MiniCrmIntake(models.TransientModel):
    """ "Bring in what you have": values of other fields into custom fields.

    It only gathers choices; a batch does the work, and is followed by
    ``mini_crm.batch.progress``. The screen is the client action ``mini_crm_intake``.
    """

    _name = "mini_crm.intake"
    _description = "Bring In What You Have"

    name = fields.Char()

    @api.model
    def get_offer(self):
        """What there is to bring in, and into what (managers).

        :return: ``sources``: list of ``{"source", "label", "kind", "count", "samples",
            "choices", "type", "key"}``; ``fields``: custom fields there are, list of
            ``{"key", "name", "type"}``; ``types``: list of [type, label];
            ``may_create``: whether the user may make custom fields
        :rtype: dict
        """
        batches = self.env["mini_crm.batch"]
        batches._check_manager()
        model = self.env["mini_crm.field"]
        labels = dict(model._fields["type"]._description_selection(self.env))
        return {
            "sources": batches._intake_offer(),
            "fields": [
                {"key": one.key, "name": one.name, "type": one.type}
                for one in batches._intake_fields()
            ],
            "types": [[kind, labels[kind]] for kind in SLOT_COUNTS],
            "may_create": model.has_access("create"),
        }

    @api.model
    def check(self, choices):
        """Look at what would become of every value; nothing is written (managers).

        :param list choices: ``{"source"}``, and where it is not as offered also
            ``label``, ``type``, ``key`` (of the custom field; empty: a new one),
            ``replace`` (bool: values that customers have there give way)
        :return: id of the batch, which is ``ready`` when everything was looked at
        :rtype: int
        :raises UserError: says which choice is not possible
        """
        return self.env["mini_crm.batch"]._intake_check(choices).id

    @api.model
    def run(self, batch_id):
        """Bring in what was checked (who has checked it).

        :param int batch_id: of ``check``
        :raises AccessError: for a batch of somebody else
        """
        batches = self.env["mini_crm.batch"]
        batches._check_manager()
        batch = batches.browse(batch_id)
        batch.check_access("read")
        # it runs with the rights of whoever has chosen
        if batch.user_id != self.env.user:
            raise AccessError(self.env._("Somebody else has chosen this."))
        # sudo: nobody may write batches but the code of their room
        batch.sudo()._intake_run()
