import logging

from odoo import api, models

from ...engine.mail_headers import is_automatic

_logger = logging.getLogger(__name__)

AUTOMATIC = "mini_crm_automatic_mail"  # context: a machine has written what comes in


class MailThread(models.AbstractModel):
    """E-mails that come in: told as events, and led to customers by our aliases."""

    _inherit = "mail.thread"

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        # Before Odoo looks for loops: it counts what has come to a record.
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        return [self._route_to_known_contact(message_dict, route) for route in routes]

    @api.model
    def _route_to_known_contact(self, message_dict, route):
        """A route by an alias of ours, to the contact with the sender's address.

        :param tuple route: (model, thread id, values, user id, alias)
        :return: the route; as it was without such a contact
        """
        channel = self._channel_of_route(route)
        if not channel:
            return route
        contact = channel._find_mail_contact(message_dict.get("email_from"))
        if not contact:
            return route
        message_dict["author_id"] = contact.id
        return (route[0], contact.id, *route[2:])

    @api.model
    def _channel_of_route(self, route):
        """The channel whose alias has led to a route for new contacts, or none."""
        channels = self.env["mini_crm.channel"].sudo()  # sudo: the gateway has no role
        model, thread_id, _values, _user_id, alias = route
        if model != "res.partner" or thread_id or not alias:
            return channels
        # sudo: which model owns an alias is nothing that users may read
        owner = alias.sudo()
        if owner.alias_parent_model_id.model != channels._name:
            return channels
        return channels.browse(owner.alias_parent_thread_id).exists()

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        automatic = is_automatic(message.items())
        thread = self.with_context(**{AUTOMATIC: True}) if automatic else self
        others = []
        thread_id = False
        for route in routes or ():
            channel = self._channel_of_route(route)
            if not channel:
                others.append(route)
                continue
            if automatic:
                _logger.info(
                    "E-mail %s of an unknown machine: no customer is made of it",
                    message_dict.get("message_id"),
                )
                continue
            contact = channel._make_mail_customer(message_dict)
            thread_id = super(MailThread, thread)._message_route_process(
                message,
                {**message_dict, "author_id": contact.id},
                [(route[0], contact.id, *route[2:])],
            )
        if others or not routes:
            thread_id = super(MailThread, thread)._message_route_process(
                message, message_dict, others
            )
        return thread_id

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type == "email" and message.author_id:
            message._log_received(automated=bool(self.env.context.get(AUTOMATIC)))
        return result
