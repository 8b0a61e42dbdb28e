import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .bin_references import kind_of, references
from .mini_crm_batch import CONFLICTS, MANAGER

_logger = logging.getLogger(__name__)

BIN_DAYS = 30
DELETED_AT_ONCE = 100  # contacts of one transaction
# What brings a customer back from the bin by itself.
RETURNS = frozenset({"message_received", "purchase_made"})


class ResPartner(models.Model):
    """The bin: deleted customers, for 30 days.

    They are archived and have a date in ``binned_at``. No list shows them but one that
    asks for that field: whoever looks for archived contacts is spared those.
    """

    _inherit = "res.partner"

    binned_at = fields.Datetime(
        "In the Bin Since",
        readonly=True,
        copy=False,
        prefetch=False,
        groups="base.group_user",
    )
    bin_note = fields.Char(
        "Why He Is Kept",
        readonly=True,
        copy=False,
        prefetch=False,
        groups="base.group_user",
        help="Other records refer to this customer: he stays archived for good.",
    )
    bin_days_left = fields.Integer(
        "Days Left",
        compute="_compute_bin_days_left",
        groups="base.group_user",
        exportable=False,
    )

    _binned_idx = models.Index("(binned_at) WHERE binned_at IS NOT NULL")
    _binned_check = models.Constraint(
        "CHECK (active IS NOT TRUE OR binned_at IS NULL)",
        "Whoever is active is not in the bin.",
    )

    @api.depends("binned_at", "bin_note")
    def _compute_bin_days_left(self):
        now = fields.Datetime.now()
        for partner in self:
            if not partner.binned_at or partner.bin_note:
                partner.bin_days_left = 0
                continue
            left = partner.binned_at + timedelta(days=BIN_DAYS) - now
            partner.bin_days_left = max(0, -(-left // timedelta(days=1)))

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain)
        names = {one.field_expr for one in domain.iter_conditions()}
        asks = "active" in names and "binned_at" not in names
        if asks and not self.env.su and self.env.user._is_internal():
            domain &= Domain("binned_at", "=", False)
        return super()._search(domain, *args, **kwargs)

    def write(self, vals):
        """Whoever becomes active by any door is in the bin no longer."""
        if vals.get("active") and "binned_at" not in vals:
            # sudo: whoever may bring a contact back takes him out of the bin with it
            binned = self.sudo().filtered("binned_at")
            binned.write({"binned_at": False, "bin_note": False})
        return super().write(vals)

    @api.model
    def _own_tables(self):
        """Extension: tables whose rows go with a customer when he is deleted.

        Figures, memberships, the log of what happened to him: they keep nobody, neither
        in the bin nor when what has made him is undone.

        :rtype: set[str]
        """
        return {
            "mail_followers",
            "mini_crm_event",
            "mini_crm_field_value",
            "mini_crm_journey_transition",
            "mini_crm_profile",
            "mini_crm_rule_mark",
            "mini_crm_score_history",
            "mini_crm_search",
            "mini_crm_segment_member",
            "mini_crm_segment_pin",
            "mini_crm_tag_origin",
            "res_partner_res_partner_category_rel",
        }

    # By hand

    def action_put_back(self):
        """Take these customers out of the bin; they are active again (managers).

        :return: client action that says so
        :raises UserError: if one of them is not in the bin
        """
        self._check_bin()
        self.check_access("write")
        if not all(partner.binned_at for partner in self):
            raise UserError(
                self.env._("Some of these are not in the bin any more. Load it again.")
            )
        self._leave_bin()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s customers are back.", len(self))
                if len(self) > 1
                else self.env._("%s is back.", self.display_name),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_empty_bin(self):
        """Delete for good whoever is in the bin, not these only (administrators).

        :return: action that shows how far it is
        """
        return self.env["mini_crm.batch"].action_empty_bin()

    def _leave_bin(self):
        """Be active and outside the bin again."""
        self.write({"active": True, "binned_at": False, "bin_note": False})

    @api.model
    def _check_bin(self):
        """:raises AccessError: for everybody below manager"""
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("The bin is for managers."))

    def _archived_together(self):
        """Extension: these contacts have been archived past ``write``, many at once."""

    # By what happens

    @api.model
    def _return_from_bin(self, claimed):
        """Listener: who writes or buys is a customer again.

        :param SQL claimed: relation of (event_id, partner_id, type)
        """
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT p.id FROM %s c JOIN res_partner p
                    ON p.id = c.partner_id AND p.binned_at IS NOT NULL
                WHERE c.type = ANY(%s)""",
                claimed,
                list(RETURNS),
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        if ids:
            # sudo: the customer himself has done it, whoever logs it
            self.sudo().browse(ids)._leave_bin()

    # The end

    @api.autovacuum
    def _gc_bin(self):
        """Delete for good who has been in the bin for 30 days, a few at a time."""
        limit = fields.Datetime.now() - timedelta(days=BIN_DAYS)
        found = self.sudo()._binned(SQL("binned_at < %s", limit), 0, DELETED_AT_ONCE)
        found._delete_binned()
        return len(found), int(len(found) == DELETED_AT_ONCE)

    @api.model
    def _binned(self, condition, after, limit):
        """The next ones in the bin that nothing is known to keep, by their ids.

        :param SQL condition: on ``res_partner``
        :param int after: only ids above this one
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT id FROM res_partner
                WHERE binned_at IS NOT NULL AND NOT active AND bin_note IS NULL
                    AND id > %s AND %s ORDER BY id LIMIT %s""",
                after,
                condition,
                limit,
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _delete_binned(self):
        """Delete these contacts for good; keep those to which something else refers.

        Odoo's own checks are asked, contact by contact: people before their companies,
        so that a company stays if somebody of it does.

        :return: {id of a contact that stays: why}
        :rtype: dict[int, str]
        """
        kept, left = {}, self._people_first()
        while left:
            for partner_id, what in references(self.env, left.ids).items():
                kept[partner_id] = self.env._("Other records refer to him: %s", what)
            left = left.filtered(lambda one: one.id not in kept)
            for partner in left:
                left -= partner
                if why := partner._delete_one():
                    kept[partner.id] = why
                    break  # to look again who is referred to
        for partner_id, why in kept.items():
            self.browse(partner_id).write({"bin_note": why})
        return kept

    def _people_first(self):
        """These contacts, those below others first."""

        def depth(partner):
            above = 0
            while partner := partner.parent_id:
                above += 1
            return above

        return self.sorted(depth, reverse=True)

    def _delete_one(self):
        """Delete this contact, unless something objects.

        :return: what does, in words; nothing if he is deleted
        :rtype: str
        """
        try:
            with self.env.cr.savepoint():
                self.unlink()
                self.env.flush_all()
        except CONFLICTS:
            raise  # somebody else is at the same rows: all of it is done again
        except UserError as error:
            return " ".join(str(error).split())[:300]
        except psycopg2.IntegrityError as error:
            what = kind_of(self.env, error.diag.table_name or "")
            return self.env._("Other records refer to him: %s", what)
        except psycopg2.Error:
            raise
        except Exception:  # whatever an add-on stumbles over
            _logger.exception("Contact %s stays in the bin", self.id)
            return self.env._("Another app does not let him be deleted.")
        return ""
