from lxml import html as lxml_html

from odoo import fields, models
from odoo.tools import email_normalize, html2plaintext

from ...engine.mail_text import first_words, own_words
from ...engine.opt_out import read_word

QUOTES = "//*[@data-o-mail-quote='1']"  # so Odoo marks what a message repeats
CUSTOMER_MODEL = "res.partner"
REPLY_PREFIX = "<mini-crm-reply."  # of Message-IDs that stand for an idempotency key


class MailMessage(models.Model):
    """What the thread with a customer tells of an e-mail."""

    _inherit = "mail.message"

    # the same answer sent twice at once is posted once
    _mini_crm_reply_uniq = models.UniqueIndex(
        "(message_id) WHERE message_id LIKE '<mini-crm-reply.%'"
    )

    def _log_received(self, *, automated=False):
        """Log this e-mail as received, if its author is or may become a customer.

        Only what stands on a contact, which whoever reads the event may read as well,
        is told with words: nothing of an e-mail on any other document is copied.

        :param bool automated: a machine has written it: it is told, but neither counts
            nor waits for an answer
        """
        self.ensure_one()
        author = self.author_id._filter_possible_customers()
        if not author:
            return
        # sudo: the gateway's user has no role here
        message = self.sudo()
        company = author.company_id or message.record_company_id or self.env.company
        channel = self.env["mini_crm.channel"]._mail_channel(company)
        told = message._told_words()
        data = {"channel": "email", "channel_id": channel.id, "kind": "email", **told}
        words = data.pop("words", None)
        data["automated"] = automated
        # an e-mail carries what the sender's clock says
        date = min(message.date, fields.Datetime.now())
        logged = author._log(
            "message_received",
            date=date,
            record=message,
            summary=words,
            data={key: value for key, value in data.items() if value},
            company_id=company.id,
            author_id=None,
            external_key=f"mail:{message.id}",
        )
        if logged and not automated:
            address = email_normalize(message.email_from or "", strict=False) or None
            author._note_mail_received(channel, date, words, address)
            message._read_wishes(author, date)
        if logged:
            self.env["mini_crm.message"]._tell_changed(author.ids)

    def _read_wishes(self, author, date):
        """Do as a customer says who wants no more e-mails, or wants them again.

        Only of e-mails on contacts: "cancel" on an order is about the order. One
        without a text may say it in its subject, as links to unsubscribe do.

        :param author: the customer
        :param datetime date: when he has said it, UTC
        """
        said = self._own_words() or self.subject or ""
        word = read_word(said) if self.model == CUSTOMER_MODEL else None
        if word and not self._cancels_only(author):
            author._hear_consent("email", word, proof=first_words(said), date=date)

    def _cancels_only(self, _author):
        """Whether such a word only cancels what the customer is just being asked.

        Higher rooms that ask know.

        :rtype: bool
        """
        return False

    def _told_words(self):
        """What events may repeat of this e-mail: dict of ``subject`` and ``words``."""
        if self.model != CUSTOMER_MODEL:
            return {}
        return {"subject": self.subject or "", "words": self._first_words()}

    def _first_words(self):
        """What its author has written, on one line, or the subject if there is none.

        :return: without quotes and signature, at most 240 characters
        :rtype: str
        """
        self.ensure_one()
        return first_words(self._own_words()) or self.subject or ""

    def _own_words(self):
        """What its author has written, without quotes and signature (str)."""
        self.ensure_one()
        return own_words(_plain_text(self.body))


def _plain_text(body):
    """An HTML body as plain text, without what Odoo has marked as a quote."""
    if not body:
        return ""
    if "data-o-mail-quote" not in body:
        return html2plaintext(body, include_references=False)
    tree = lxml_html.fragment_fromstring(body, create_parent="div")
    for quote in tree.xpath(QUOTES):
        if quote.getparent() is not None:
            quote.drop_tree()
    own = lxml_html.tostring(tree, encoding="unicode")
    text = html2plaintext(own, include_references=False)
    return text or html2plaintext(body, include_references=False)
