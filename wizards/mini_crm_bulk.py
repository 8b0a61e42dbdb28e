from odoo import api, fields, models
from odoo.exceptions import UserError


class MiniCrmBulk(models.TransientModel):
    """The dialog "Change many": an action, its value, the effect, the start.

    Nothing is kept between the steps but what the browser sends back: the filter, the
    number of customers it has found and the fingerprint of who they are.
    """

    _name = "mini_crm.bulk"
    _description = "Change Many Customers"

    name = fields.Char()

    @api.model
    @api.readonly
    def get_choices(self, domain):
        """What can be done with the customers that a filter finds (managers).

        :param list domain: of contacts, as a list or a selection has it
        :return: ``{"count", "actions", "fields", "stages"}``; an action is ``{"key",
            "label", "icon", "value", "typed", "opens"}``
        :rtype: dict
        """
        batches = self.env["mini_crm.batch"]
        batches._check_manager()
        partners = self.env["res.partner"]
        stages = partners._fields["journey_stage"]._description_selection(self.env)
        return {
            "count": partners.search_count(domain),
            "actions": [
                {
                    "key": key,
                    "label": action.label,
                    "icon": action.icon,
                    "value": action.value,
                    "typed": action.typed,
                    "opens": bool(action.opens),
                }
                for key, action in batches._bulk_actions().items()
            ],
            "fields": batches._bulk_fields(),
            "stages": stages,
        }

    @api.model
    def preview(self, action, domain, values=None):
        """What an action would do; nothing is written (managers).

        :param str action: key of one of the actions
        :param list domain: of contacts
        :param dict values: what was chosen
        :return: ``{"count", "hash", "changed", "already", "left_out", "typed",
            "undo"}``
        :rtype: dict
        """
        return self.env["mini_crm.batch"]._bulk_preview(action, domain, values)

    @api.model
    def apply(self, action, domain, values, count, digest, typed=None):
        """Start an action on exactly the customers of its preview (managers).

        :param int count: of the preview
        :param str digest: ``hash`` of the preview
        :param typed: the number as the person has typed it, where that is asked for
        :return: id of the batch
        :rtype: int
        :raises UserError: if the customers are others by now: nothing is changed
        """
        return (
            self.env["mini_crm.batch"]
            ._bulk_start(
                action, domain, values, count=count, digest=digest, typed=typed
            )
            .id
        )

    @api.model
    def open(self, action, domain):
        """Open the screen of an action that has one of its own (managers).

        :return: an action
        :rtype: dict
        """
        batches = self.env["mini_crm.batch"]
        batches._check_manager()
        method = batches._bulk_action(action).opens
        if not method:
            raise UserError(self.env._("This action has no screen of its own."))
        return getattr(batches, method)(domain)
