from odoo import api, models
from odoo.tools import SQL

from ...engine.text import clean
from .mini_crm_message import EXCERPT
from .waking import MEDIA_JOB, wake

LOCK = 0x6D63  # of this room, for locks that are not rows
SOURCES = {"telegram": "Telegram", "instagram": "Instagram"}  # names of utm.source
NAME_LENGTH = 128


class MiniCrmIdentity(models.Model):
    """From a sender to his customer, who is made when he first writes."""

    _inherit = "mini_crm.identity"

    @api.model
    def _of(self, channel, sender):
        """The identity of a sender in a channel, made with its customer if it is new.

        Whoever comes first makes both; who comes at the same moment waits for him, and
        is tried again when he finds that it has been made since.

        :param channel: one channel, as ``_as_worker``
        :param sender: ``engine.chat_items.Sender``
        """
        self.env.cr.execute(
            SQL(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
                LOCK,
                f"{channel.id}:{sender.external_id}",
            )
        )
        identity = channel._identity(sender)
        if not identity:
            identity = self._make(channel, sender)
        else:
            identity._learn(sender)
        return identity

    @api.model
    def _make(self, channel, sender):
        """A new identity and its customer."""
        partner = self._make_customer(channel, sender)
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_identity (channel_id, company_id, partner_id,
                    external_id, name, username, language, state, made_customer,
                    create_uid, create_date, write_uid, write_date)
                VALUES (%s, %s, %s, %s, %s, %s, %s, 'reachable', TRUE,
                    %s, now() AT TIME ZONE 'utc', %s, now() AT TIME ZONE 'utc')
                RETURNING id""",
                channel.id,
                channel.company_id.id,
                partner.id,
                sender.external_id,
                clean(sender.name)[:NAME_LENGTH] or None,
                clean(sender.username) or None,
                sender.language or None,
                self.env.uid,
                self.env.uid,
            ),
            log_exceptions=False,
        )
        identity = self.browse(self.env.cr.fetchone())
        if channel.type == "instagram" and not self._called(sender):
            identity.profile_due_at = self.env.cr.now()
            wake(self.env, MEDIA_JOB)
        return identity

    @api.model
    def _make_customer(self, channel, sender):
        """A customer who is known by what a channel tells of him."""
        return self.env["res.partner"].create(
            {
                "name": self._called(sender) or self._nameless(channel, sender),
                "company_id": channel.company_id.id,
                "lang": self._installed_language(sender.language),
                "source_id": self._source(channel).id,
            }
        )

    @api.model
    def _called(self, sender):
        """A sender's name, or else his user name; empty when neither is told."""
        username = clean(sender.username)
        return clean(sender.name)[:NAME_LENGTH] or (username and f"@{username}")

    @api.model
    def _nameless(self, channel, sender):
        """What somebody is called of whom the provider tells no name."""
        return self.env._(
            "%(channel)s user %(number)s",
            channel=SOURCES[channel.type],
            number=sender.external_id,
        )

    @api.model
    def _installed_language(self, language):
        """Code of the installed language that is meant by an ISO 639-1 code.

        :return: False: there is none
        """
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        return next(
            (code for code in codes if language and code.split("_")[0] == language),
            False,
        )

    @api.model
    def _source(self, channel):
        """Where customers of a channel come from: ``utm.source``, made once."""
        name = SOURCES[channel.type]
        sources = self.env["utm.source"]
        if found := sources.search([("name", "=", name)], limit=1):
            return found
        # not by the ORM, whose log would tell that another worker was faster
        self.env.cr.execute(
            SQL(
                """INSERT INTO utm_source (name, create_uid, create_date, write_uid,
                    write_date) VALUES (%s, %s, %s, %s, %s) RETURNING id""",
                name,
                *(self.env.uid, self.env.cr.now()) * 2,
            ),
            log_exceptions=False,
        )
        return sources.browse(self.env.cr.fetchone())

    def _learn(self, sender):
        """Keep what a sender is called now; his customer's name is the shop's."""
        told = {
            "name": clean(sender.name)[:NAME_LENGTH],
            "username": clean(sender.username),
            "language": sender.language,
        }
        new = {
            key: value for key, value in told.items() if value and self[key] != value
        }
        if new:
            self.write(new)

    # What a message changes

    def _cancels_only(self, _message):
        """Whether a word by which one can opt out only cancels what the customer is
        just being asked in this conversation.

        Higher rooms that ask know.

        :param _message: the ``mini_crm.message`` with the word
        :rtype: bool
        """
        return False

    def _on_message(self, message, item):
        """Bring the identity up to date with a new message of it.

        :param message: the new message
        :param item: ``engine.chat_items.Message``
        """
        if not item.echo:
            self._on_incoming(item)
        self._refresh_last_message()
        self._refresh_waiting()
        if not self.partner_id.active:
            # whoever writes again is seen again
            self.partner_id.active = True

    def _on_incoming(self, item):
        values = {}
        opened = self.window_opened_at
        if item.opens_window and (not opened or opened < item.date):
            values["window_opened_at"] = item.date
        known = self.reachable_at
        if self.state != "reachable" and (not known or known <= item.date):
            values |= {"state": "reachable", "reachable_at": item.date}
        if values:
            self.write(values)

    def _has_written_after(self, date):
        """Whether a message of the customer is later than a date, UTC."""
        return bool(
            self.env["mini_crm.message"].search_count(
                [
                    ("identity_id", "=", self.id),
                    ("direction", "=", "in"),
                    ("date", ">", date),
                ],
                limit=1,
            )
        )

    def _refresh_last_message(self):
        """Show the first words of the latest message."""
        self.env["mini_crm.message"].flush_model()
        for identity in self:
            rows = self.env.execute_query(
                SQL(
                    """SELECT date, left(body, %s) FROM ((%s) UNION ALL (%s)) latest
                    ORDER BY date DESC, sequence DESC, id DESC LIMIT 1""",
                    EXCERPT,
                    identity._latest_sql("in"),
                    identity._latest_sql("out"),
                )
            )
            date, words = rows[0] if rows else (False, False)
            identity.write({"last_message_at": date, "last_message": words})

    def _latest_sql(self, direction):
        """SELECT of the latest message in a direction: an index knows it."""
        return SQL(
            """SELECT date, sequence, id, body FROM mini_crm_message
            WHERE identity_id = %s AND direction = %s AND state <> 'cancelled'
            ORDER BY date DESC, sequence DESC, id DESC LIMIT 1""",
            self.id,
            direction,
        )

    def _refresh_waiting(self):
        """Note since when somebody waits for an answer: ``waiting_since``.

        That is his first message after the last answer that the provider has taken, and
        after those that need none; what was sent by a machine is no answer, and what
        a machine has dealt with needs none.
        """
        self.env["mini_crm.message"].flush_model()
        for identity in self:
            rows = self.env.execute_query(
                SQL(
                    """WITH answer AS (SELECT date, sequence FROM mini_crm_message
                        WHERE identity_id = %(id)s AND direction = 'out'
                        AND state IN ('sent', 'delivered', 'read')
                        AND coalesce(purpose, 'answer') = 'answer'
                        ORDER BY date DESC, sequence DESC LIMIT 1)
                    SELECT min(date) FROM mini_crm_message
                    WHERE identity_id = %(id)s AND direction = 'in'
                        AND dealt_with IS NOT TRUE
                        AND date >= coalesce((SELECT date FROM answer), '-infinity')
                        AND (date, sequence) > ALL (SELECT date, sequence FROM answer)
                        AND date > coalesce(%(until)s, '-infinity'::timestamp)""",
                    id=identity.id,
                    until=identity.answered_until or None,
                )
            )
            if identity.waiting_since != (rows[0][0] or False):
                identity.waiting_since = rows[0][0]

    def _need_no_answer(self):
        """Nobody waits for an answer any more, until he writes again."""
        self.env["mini_crm.message"].flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_identity i SET waiting_since = NULL,
                answered_until = greatest(waiting_since, answered_until,
                    (SELECT date FROM mini_crm_message WHERE identity_id = i.id
                    AND direction = 'in' ORDER BY date DESC LIMIT 1))
                WHERE id = ANY(%s)""",
                self.ids,
            )
        )
        self.invalidate_recordset(["waiting_since", "answered_until"], flush=False)
