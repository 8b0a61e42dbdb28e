from odoo import models


class MiniCrmBatch(models.Model):
    """Why customers are left out of a bulk change, or left as they are by its undo."""

    _inherit = "mini_crm.batch"

    def _problem_texts(self):
        return {
            **super()._problem_texts(),
            **self._bulk_texts(),
            **self._bulk_action_texts(),
            **self._undo_texts(),
        }

    def _bulk_texts(self):
        _ = self.env._
        return {
            "bulk_gone": _("This contact is not there any more."),
            "bulk_internal_user": _(
                "This is the contact of one of your own users, which a bulk change"
                " never touches. Edit it by hand."
            ),
            "bulk_own_company": _(
                "This is the contact of your own company, which a bulk change never"
                " touches."
            ),
            "bulk_not_allowed": _("You may not change this contact."),
            "bulk_no_customer": _("This contact is no customer."),
            "bulk_other_company": _("This customer belongs to another company."),
            "bulk_required": _(
                "This field is required: it is emptied for nobody. Change it on the"
                " customer's own page."
            ),
            "bulk_address_shared": _(
                "This contact shares its address with its company. Change it on its"
                " own page."
            ),
            "bulk_state_elsewhere": _(
                "The state or province of this customer lies in another country. Change"
                " both on the customer's own page."
            ),
        }

    def _bulk_action_texts(self):
        _ = self.env._
        return {
            "bulk_has_login": _(
                "This contact has a login. Archive the user first, then the contact."
            ),
            "bulk_binned": _("This customer is in the bin. Take him out of it there."),
            "bulk_unreachable": _(
                "This customer cannot be reached by Telegram or Instagram."
            ),
            "bulk_gate": _("The message may not be sent to this customer: {value}"),
            "bulk_task_done": _("The task is done already: it stays."),
        }

    def _undo_texts(self):
        _ = self.env._
        return {
            "undo_changed": _(
                "Somebody has changed this since: it stays as it is now."
            ),
            "undo_field_gone": _(
                "This field was changed or archived since: its values stay as they are."
            ),
            "undo_tag_gone": _("The tag has been deleted since."),
            "undo_segment_gone": _("The segment has been deleted since."),
        }
