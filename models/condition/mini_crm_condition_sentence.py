from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_month_names

from odoo import api, models
from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse, formatLang

from ...engine.calendars import JALALI_MONTHS, to_jalali
from ...engine.conditions import Words, sentence
from .condition_words import texts

DECIMALS = 6  # of a number that a sentence shows


class MiniCrmCondition(models.AbstractModel):
    """A condition as a sentence."""

    _inherit = "mini_crm.condition"

    @api.model
    def _sentence(self, domain_text, lang=None):
        """What a condition says, e.g. "score at least 80 and bought 5 times or more".

        :param domain_text: text or list
        :param str | None lang: code of a language; default: the user's
        :return: a sentence, as far as the condition can be read; of one that cannot be
            read at all, what is wrong with it
        :rtype: str
        """
        speaker = self.with_context(lang=lang) if lang else self
        tree, found = speaker._read(domain_text)
        if tree is None:
            return " ".join(speaker._messages(found))
        return sentence(tree, speaker._words())

    @api.model
    def _words(self):
        """The language of the environment, for sentences: ``Words``."""
        return Words(
            texts=texts(self.env),
            fields=self._known_fields(),
            number=self._number_text,
            day=self._day_text,
            part=self._part_text,
            record=self._record_text,
        )

    @api.model
    def _number_text(self, value):
        whole = f"{value:.{DECIMALS}f}".rstrip("0")
        return formatLang(self.env, value, digits=len(whole.partition(".")[2]))

    @api.model
    def _day_text(self, said):
        """A date, or a moment (UTC) as the shop's clock has it; Jalali in Persian."""
        clock = ""
        if isinstance(said, datetime):
            zone = ZoneInfo(self.env.company.mini_crm_tz or "UTC")
            said = said.replace(tzinfo=timezone.utc).astimezone(zone)
            clock = f" {said:%H:%M}"
            said = said.date()
        if (self.env.lang or "").startswith("fa"):
            year, month, day = to_jalali(said)
            return f"{day} {JALALI_MONTHS[month - 1]} {year}{clock}"
        return f"{format_date(self.env, said)}{clock}"

    @api.model
    def _part_text(self, part, value):
        """A value of a part of a date: the names of months and weekdays."""
        locale = babel_locale_parse(self.env.lang or "en_US")
        if part == "month_number":
            return get_month_names("wide", "stand-alone", locale)[value]
        if part == "day_of_week":  # PostgreSQL's week begins with Sunday, Babel's not
            return get_day_names("wide", "stand-alone", locale)[(value - 1) % 7]
        return str(value)

    @api.model
    def _record_text(self, model, record_id):
        """Name of a record that a condition names; None: gone, or not for the reader.

        :rtype: str | None
        """
        # sudo: a rule's sentence shows the names that its owner chose; of what belongs
        # to a company (customers, segments) only what the reader may see
        records = self.env[model]
        records = records if "company_id" in records else records.sudo()
        record = records.with_context(active_test=False).search(
            [("id", "=", record_id)], limit=1
        )
        return record.display_name or None
