from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...engine.text import clean

TOLD = "mini_crm.definitions"  # name of the message to the browsers


class MiniCrmVersion(models.Model):
    """Which state the definitions of custom fields are in: one row, one number.

    It is part of every cache key that depends on the definitions. Clearing caches
    instead would race with transactions that still see the old rows.
    """

    _name = "mini_crm.version"
    _description = "Version of the Definitions"
    _log_access = False

    number = fields.Integer()

    def init(self):
        self.env.cr.execute(
            "INSERT INTO mini_crm_version (id, number)"
            " VALUES (1, nextval('mini_crm_version_id_seq')) ON CONFLICT DO NOTHING"
        )

    def _current(self):
        """The number as this transaction sees it: one query per transaction."""
        # sudo: everybody's caches depend on it
        return self.sudo().browse(1).number

    def _hold(self):
        """Keep the definitions as this transaction sees them until it ends.

        Who writes values calls this: else a slot could be archived, released and given
        to another field between his reading of the definitions and his commit. Who
        changes definitions waits for him; where they have changed already, Odoo tries
        the request again.
        """
        self.env.cr.execute("SELECT FROM mini_crm_version WHERE id = 1 FOR SHARE")

    def _renew(self):
        """Tell that definitions have changed.

        From a sequence: a number that was rolled back never comes again, nor does what
        somebody cached under it.
        """
        number = self.env.execute_query(
            SQL("SELECT nextval('mini_crm_version_id_seq')")
        )[0][0]
        # sudo: whoever may change a definition may not write this row by hand
        self.sudo().browse(1).number = number
        self._tell_browsers()

    def _tell_browsers(self):
        """Tell open pages, once a transaction, that what they keep is old."""
        told = self.env.cr.precommit.data
        if TOLD not in told:
            told[TOLD] = True
            self.env.ref("base.group_user")._bus_send(TOLD, {})


class MiniCrmVersioned(models.AbstractModel):
    """Part of the definitions: each change gives them another version.

    The first number of a change is for what is read in the middle of it: cached under
    the old number, it would show to everybody before, or without, the commit.
    """

    _name = "mini_crm.versioned"
    _description = "Part of the Definitions"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._readable(vals) for vals in vals_list]
        self.env["mini_crm.version"]._renew()
        records = super().create(vals_list)
        self.env["mini_crm.version"]._renew()
        return records

    def write(self, vals):
        vals = self._readable(vals)
        self.env["mini_crm.version"]._renew()
        result = super().write(vals)
        self.env["mini_crm.version"]._renew()
        return result

    def unlink(self):
        self.env["mini_crm.version"]._renew()
        result = super().unlink()
        self.env["mini_crm.version"]._renew()
        return result

    @api.model
    def _readable(self, vals):
        """``vals`` with labels and helps as one line that a view can hold.

        :raises ValidationError: nothing is left of a label
        """
        texts = {}
        for name, text in vals.items():
            field = self._fields.get(name)
            if isinstance(text, str) and field is not None and field.translate:
                texts[name] = clean(text)
                if field.required and not texts[name]:
                    raise ValidationError(self.env._("Enter a label."))
        return {**vals, **texts}
