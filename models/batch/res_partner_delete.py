from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import hash_sign, verify_hash_signed

from .res_partner_bin import BIN_DAYS

SCOPE = "mini_crm_undo_delete"


class ResPartner(models.Model):
    """Deleting by hand, in Odoo's forms and lists: into the bin, with an undo.

    ``unlink()`` stays what Odoo does: other add-ons and the end of the bin need it.
    """

    _inherit = "res.partner"

    def _delete_by_hand(self):
        """Put these contacts into the bin, for whoever may delete them.

        Whom Odoo does not let be deleted is refused in its own words; whoever is in the
        bin already stays there as he is.

        :return: ``{"count": number of contacts put there, "name": of the only one, or
            empty, "undo": what ``undo_delete`` takes, or empty}``
        :rtype: dict
        :raises AccessError: if the user may not delete them
        :raises UserError: if one of them has a login
        """
        self.check_access("unlink")
        for check in self._ondelete_methods:
            check(self)
        # sudo: that he may delete them is checked; he may do so and write nothing
        contacts = self.exists().sudo().filtered(lambda one: not one.binned_at)
        if not contacts:
            return {"count": 0, "name": "", "undo": ""}
        archived = contacts.filtered(lambda one: not one.active)
        when = fields.Datetime.now()
        contacts.write({"active": False, "binned_at": when, "bin_note": False})
        told = [self.env.uid, str(when), contacts.ids, archived.ids]
        return {
            "count": len(contacts),
            "name": contacts.display_name if len(contacts) == 1 else "",
            # the server keeps nothing of it: what it has signed it believes
            "undo": hash_sign(
                contacts.env, SCOPE, told, expiration_hours=BIN_DAYS * 24
            ),
        }

    @api.model
    def undo_delete(self, undo):
        """Take the contacts of one's own deletion out of the bin, as they were before.

        :param str undo: as the deletion has told it; of one that somebody else has made
            it is refused
        :return: number of contacts that stay as they are: somebody has put them back,
            or deleted them again
        :rtype: int
        :raises UserError: if it cannot be undone any more
        """
        # sudo: the key that signs is the machine's
        told = _read(self.sudo().env, undo)
        if not told or told[0] != self.env.uid:
            raise UserError(
                self.env._(
                    "This cannot be undone any more. Managers find deleted customers in"
                    " the bin."
                )
            )
        _uid, when, ids, archived = told
        contacts = self.browse(ids).exists()
        contacts.check_access("unlink")
        when = fields.Datetime.to_datetime(when)
        # sudo: as with the deletion
        inside = contacts.sudo().filtered(lambda one: one.binned_at == when)
        were_archived = inside.filtered(lambda one: one.id in set(archived))
        were_archived.write({"binned_at": False, "bin_note": False})
        (inside - were_archived)._leave_bin()
        return len(ids) - len(inside)


def _read(env, undo):
    """What was signed: a list; nothing if it was not, or too long ago."""
    try:
        return verify_hash_signed(env, SCOPE, undo)
    except (ValueError, AttributeError):
        return None
