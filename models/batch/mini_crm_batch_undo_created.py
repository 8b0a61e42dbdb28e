import psycopg2

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .bin_references import foreign_keys

DELETED = 500  # contacts that the ORM deletes at once

# What a person, or the customer, has done; scores, segments, and stages that nobody has
# set follow by themselves and are no reason to keep anybody.
_ACTS = ("field_updated", "tag_added", "tag_removed", "note_added", "customers_merged")


class MiniCrmBatch(models.Model):
    """Undo of an import: the customers it has made, if nobody has worked with them."""

    _inherit = "mini_crm.batch"

    def _remove_created(self):
        """Delete the customers of the chunk that the import has created.

        Whoever is referred to since stays, and is listed.
        """
        self.env.cr.execute(
            """SELECT partner_id FROM mini_crm_chunk WHERE outcome = 'created'
            AND partner_id IN (SELECT id FROM res_partner) LIMIT 1"""
        )
        if not self.env.cr.rowcount:
            return
        for condition in self._uses():
            self.env.cr.execute(
                SQL(
                    """UPDATE mini_crm_chunk c SET kept = '{used}'
                    WHERE c.outcome = 'created' AND c.kept IS NULL AND %s""",
                    condition,
                )
            )
        self.env.cr.execute(
            """SELECT c.partner_id FROM mini_crm_chunk c
            JOIN res_partner p ON p.id = c.partner_id
            WHERE c.outcome = 'created' AND c.kept IS NULL ORDER BY c.partner_id"""
        )
        self._delete_customers([row[0] for row in self.env.cr.fetchall()])
        self._keep(
            SQL(
                """EXISTS (SELECT FROM mini_crm_chunk c WHERE c.id = l.id
                AND c.outcome = 'created' AND c.kept IS NOT NULL)"""
            ),
            self.env._("Somebody has worked with this customer since: kept."),
        )

    def _delete_customers(self, ids):
        """Delete contacts; those that something holds on to are marked as kept."""
        partners = self.env["res.partner"].with_context(mini_crm_no_events=True)
        for first in range(0, len(ids), DELETED):
            some = partners.browse(ids[first : first + DELETED])
            try:
                with self.env.cr.savepoint():
                    some.unlink()
                    self.env.flush_all()
            except (UserError, psycopg2.IntegrityError):
                for partner in some:
                    self._delete_customer(partner)

    def _delete_customer(self, partner):
        try:
            with self.env.cr.savepoint():
                partner.unlink()
                self.env.flush_all()
        except (UserError, psycopg2.IntegrityError):
            # another add-on holds on to it: an order, a user
            self.env.cr.execute(
                SQL(
                    "UPDATE mini_crm_chunk SET kept = '{used}' WHERE partner_id = %s",
                    partner.id,
                )
            )

    def _uses(self):
        """Conditions under which the customer of the chunk's row ``c`` is in use.

        There is nothing from before the import: he was made by it.
        """
        yield SQL(
            """EXISTS (SELECT FROM mini_crm_event e WHERE e.partner_id = c.partner_id
            AND e.batch_id IS DISTINCT FROM %s AND e.undone_by IS NULL
            AND (e.interaction IS NOT NULL OR (e.author_id > 1 AND (e.type = ANY(%s)
                OR (e.type = 'stage_changed' AND e.data ? 'until')))))""",
            self.id,
            list(_ACTS),
        )
        for table, model in (
            ("mail_message", "model"),
            ("mail_activity", "res_model"),
            ("ir_attachment", "res_model"),
        ):
            yield SQL(
                """EXISTS (SELECT FROM %s t
                WHERE t.%s = 'res.partner' AND t.res_id = c.partner_id)""",
                SQL.identifier(table),
                SQL.identifier(model),
            )
        yield SQL(
            """EXISTS (SELECT FROM mini_crm_profile f
            WHERE f.id = c.partner_id AND f.journey_hold_until IS NOT NULL)"""
        )
        # in a segment, or out of it, by hand, and not as the row says
        yield SQL(
            """EXISTS (SELECT FROM mini_crm_segment_pin n
            WHERE n.partner_id = c.partner_id AND NOT (n.side = 'in' AND EXISTS (
                SELECT FROM mini_crm_batch_line l WHERE l.id = c.id
                AND l.values -> 'segments' @> to_jsonb(n.segment_id))))"""
        )
        for table, column in foreign_keys(self.env):
            yield SQL(
                "c.partner_id IN (SELECT t.%s FROM %s t WHERE %s)",
                SQL.identifier(column),
                SQL.identifier(table),
                SQL("t.id <> t.%s", SQL.identifier(column))
                if table == "res_partner"
                else SQL("TRUE"),
            )
