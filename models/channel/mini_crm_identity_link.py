from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.contact_hints import emails_in, phones_in, shared_phone

# What a customer has who is nothing but what a channel has made of him.
MADE_BY_CHANNEL = (
    "customer_created",
    "message_received",
    "message_sent",
    "consent_changed",
)
# What machines draw from it; by hand, somebody cares about this customer.
DRAWN = (
    "field_updated",
    "score_changed",
    "health_changed",
    "stage_changed",
    "segment_changed",
    "tag_added",
    "tag_removed",
)
HINT_KINDS = ("phone_shared", "phone_in_text", "email_in_text")


class MiniCrmIdentity(models.Model):
    """Two customers who are one: linked on proof, else suggested."""

    _inherit = "mini_crm.identity"

    def _read_contact(self, item):
        """Draw what a message tells of who its sender is.

        :param item: ``engine.chat_items.Message``
        """
        region = self.company_id.country_id.code
        if item.contact:
            phone = shared_phone(item.contact.phone, region)
            if phone and item.contact.own:
                self._prove_phone(*phone)
            elif phone:
                self._suggest_by("phone_shared", "phone_sanitized", [phone[1]])
            return
        if phones := phones_in(item.text, region):
            self._suggest_by("phone_in_text", "phone_sanitized", phones)
        if emails := emails_in(item.text):
            self._suggest_by("email_in_text", "email_normalized", emails)

    # Proof

    def _prove_phone(self, shown, number):
        """The provider says that a phone number is the sender's own.

        :param str shown: as people write it
        :param str number: E.164
        """
        self.phone = number
        others = self._customers_with("phone_sanitized", [number])
        the_one = len(others) == 1 and others.id not in self._dismissed()
        if the_one and self._is_provisional():
            self._link(others)
        elif others:
            self._suggest(others[0], "phone_proved")
        if not self.partner_id.phone:
            self.partner_id.phone = shown

    def _customers_with(self, column, values):
        """Other customers whom this company sees with one of these values: two at most.

        :param str column: phone_sanitized or email_normalized
        """
        partners = self.env["res.partner"]
        partners.flush_model([column, "active", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id FROM res_partner p
                WHERE p.%s = ANY(%s) AND p.active AND p.id <> %s
                AND (p.company_id IS NULL OR p.company_id = %s) AND %s
                ORDER BY p.id LIMIT 2""",
                SQL.identifier(column),
                values,
                self.partner_id.id,
                self.company_id.id,
                partners._customer_filter("p"),
            )
        )
        return partners.browse(row[0] for row in rows)

    def _is_provisional(self):
        """Whether its customer is nothing but what this channel has made of him.

        Then nobody misses him: no purchase, note, other identity, nothing that a
        person has changed.
        """
        partner = self.partner_id
        siblings = self.search_count([("partner_id", "=", partner.id)], limit=2)
        tasks = self.env["mail.activity"].search_count(
            [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)], limit=1
        )
        if not self.made_customer or siblings > 1 or tasks or partner.user_ids:
            return False
        partner._follow_up()
        rows = self.env.execute_query(
            SQL(
                """SELECT EXISTS (SELECT FROM mini_crm_event WHERE partner_id = %s
                AND type <> ALL(%s) AND NOT (
                    type = ANY(%s) AND coalesce(author_id, %s) = ANY(%s)))""",
                partner.id,
                list(MADE_BY_CHANNEL),
                list(DRAWN),
                SUPERUSER_ID,
                self._machines(),
            )
        )
        return not rows[0][0]

    def _machines(self):
        """Ids of the users who are no people: what they draw, nobody has cared for.

        Higher rooms add theirs.

        :rtype: list[int]
        """
        return [SUPERUSER_ID]

    # Hints

    def _suggest_by(self, code, column, values):
        """Suggest the one customer who has one of these values."""
        others = self._customers_with(column, values)
        if len(others) == 1:
            self._suggest(others, code)

    def _suggest(self, partner, code):
        """Have people decide whether a customer is the same.

        What they have said no to is not suggested again; proof replaces hints.

        :param str code: phone_proved, phone_shared, phone_in_text or email_in_text
        """
        if partner.id in self._dismissed():
            return
        if self.suggested_partner_id and code in HINT_KINDS:
            return
        self.write({"suggested_partner_id": partner.id, "suggestion": code})

    def _dismissed(self):
        """Ids of customers of whom people have said that he is not the same."""
        return self.dismissed_partner_ids or []

    def action_link_suggestion(self):
        """The suggested customer is the same (agents): his is what was written here.

        :return: action that opens him
        """
        self.ensure_one()
        target = self.suggested_partner_id
        if not target:
            raise UserError(
                self.env._("Nobody is suggested any more: reload the customer.")
            )
        self._check_agent_of(self.partner_id | target)
        # sudo: agents change identities by these methods only
        self.sudo()._link(target)
        self.partner_id._follow_up()
        return self.partner_id.action_open_customer()

    def action_dismiss_suggestion(self):
        """The suggested customer is somebody else (agents): not suggested again."""
        self.ensure_one()
        self._check_agent_of(self.partner_id)
        dismissed = [*self._dismissed(), *self.suggested_partner_id.ids]
        # sudo: agents change identities by these methods only
        self.sudo().write(
            {
                "dismissed_partner_ids": dismissed,
                "suggested_partner_id": False,
                "suggestion": False,
            }
        )

    def action_undo_link(self):
        """Give this identity back to the customer whose it was (agents).

        :return: action that opens him
        """
        self.ensure_one()
        if not self.linked_from_id:
            raise UserError(self.env._("This identity has not been linked."))
        self._check_agent_of(self.partner_id | self.linked_from_id)
        # sudo: agents change identities by these methods only
        self.sudo()._undo_link()
        self.partner_id._follow_up()
        return self.partner_id.action_open_customer()

    def _check_agent_of(self, partners):
        """:raises AccessError: for who may not change these customers"""
        self.check_access("read")
        partners.check_access("write")

    # Linking

    def _link(self, target):
        """Make this identity another customer's, with all that was written by it.

        The customer that was made for it is archived when nothing else is left of him;
        nothing is deleted, so ``_undo_link`` takes it back.
        """
        source = self.partner_id
        provisional = self._is_provisional()
        self._carry_consent(source, target)
        self._move_to(target)
        self.write(
            {
                "linked_from_id": source.id,
                "suggested_partner_id": False,
                "suggestion": False,
            }
        )
        if provisional:
            source.active = False

    def _undo_link(self):
        target, source = self.partner_id, self.linked_from_id
        if not source.active:
            source.active = True
        self._move_to(source)
        dismissed = [*self._dismissed(), target.id]
        self.write({"linked_from_id": False, "dismissed_partner_ids": dismissed})

    def _carry_consent(self, source, target):
        """Who has opted out stays so, and who has agreed unless the target has said."""
        consents, kind = self.env["mini_crm.consent"], self.type
        states = consents._states([source.id, target.id], kind)
        mine, theirs = states[source.id], states[target.id]
        if mine != theirs and (mine == "out" or theirs == "unknown"):
            # sudo: as in _set_consent
            said = consents.sudo().search(
                [
                    ("partner_id", "=", source.id),
                    ("channel", "=", kind),
                    ("state", "=", mine),
                ]
            )
            target._set_consent(
                kind,
                mine,
                source="merge",
                proof=source.display_name,
                date=said.date or None,
            )

    def _move_to(self, partner):
        """Move the identity, its messages and their events to a customer.

        Both are counted anew: events of one have become the other's.
        """
        source = self.partner_id
        self.partner_id = partner
        self.env.flush_all()
        messages = SQL(
            "SELECT id FROM mini_crm_message WHERE identity_id = %s", self.id
        )
        self.env.cr.execute(
            SQL(
                "UPDATE mini_crm_message SET partner_id = %s WHERE identity_id = %s",
                partner.id,
                self.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """WITH moved AS (
                    UPDATE mini_crm_event SET partner_id = %(to)s
                    WHERE partner_id = %(of)s AND res_model = 'mini_crm.message'
                    AND res_id IN (%(messages)s) RETURNING id)
                UPDATE mini_crm_queue q SET partner_id = %(to)s
                FROM moved WHERE q.event_id = moved.id""",
                to=partner.id,
                of=source.id,
                messages=messages,
            )
        )
        self.env.invalidate_all(flush=False)
        data = {"identity_id": self.id, "sources": source.ids}
        for one in partner | source:
            one._log("customers_merged", data=data)
        self.env["mini_crm.message"]._tell_changed((partner | source).ids)
