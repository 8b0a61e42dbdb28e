import re

import polib

from odoo.tests import tagged
from odoo.tools import file_path
from odoo.tools.translate import TranslationModuleReader, code_translations

from ..common import MiniCrmCase

PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif%]|\{\w*\}|</?\w+")
ARABIC = re.compile("[\u0643\u0649\u064a\u0660-\u0669]")
PERSIAN_DIGITS = re.compile("[\u06f0-\u06f9]")
# What docs/persian-glossary.md has another word for: that word.
REPLACED = {"ارائه‌دهنده": "سرویس‌دهنده"}
# A name that stays Latin: Odoo's exporter writes an empty translation for it.
LATIN_NAMES = {"Mini CRM"}


@tagged("post_install", "-at_install")
class TestLanguagePersian(MiniCrmCase):
    """i18n/fa.po is complete, and Persian users read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.po = polib.pofile(file_path("mini_crm/i18n/fa.po"))
        cls.persian = {entry.msgid: entry.msgstr for entry in cls.po}

    def _terms(self):
        """Every text that Odoo's exporter finds in the add-on: set of str."""
        return {row[4] for row in TranslationModuleReader(self.env.cr, ["mini_crm"])}

    def test_every_term_has_a_persian_translation(self):
        missing = sorted(
            term
            for term in self._terms() - LATIN_NAMES
            if not self.persian.get(term, "").strip()
        )
        self.assertFalse(
            missing,
            "Without Persian in i18n/fa.po (words: docs/persian-glossary.md):\n"
            + "\n".join(map(repr, missing)),
        )

    def test_every_term_stands_in_the_template(self):
        # Odoo leaves out translations whose text the template beside them lacks.
        template = polib.pofile(file_path("mini_crm/i18n/mini_crm.pot"))
        missing = sorted(self._terms() - {entry.msgid for entry in template})
        self.assertFalse(missing, "Not in i18n/mini_crm.pot: export it anew")

    def test_every_term_of_code_is_translated_where_the_code_runs(self):
        # Odoo keeps two lists, Python's and the browser's, by the template's comments.
        python = code_translations.get_python_translations("mini_crm", "fa_IR")
        web = code_translations.get_web_translations("mini_crm", "fa_IR")["messages"]
        known = {
            "odoo-python": set(python),
            "odoo-javascript": {message["id"] for message in web},
        }
        missing = sorted(
            (comment, source)
            for *_row, source, _value, comments in TranslationModuleReader(
                self.env.cr, ["mini_crm"]
            )
            for comment in known
            if comment in comments and source not in known[comment] | LATIN_NAMES
        )
        self.assertFalse(missing, "Without '#. <comment>' in i18n/mini_crm.pot")

    def test_every_term_of_a_screen_is_translated_at_its_place(self):
        # Odoo takes the translation of a record from the entries whose '#:' names it.
        named = {
            (place, entry.msgid) for entry in self.po for place, _ in entry.occurrences
        }
        terms = sorted(
            (f"{kind}:{name}:{res_id}", source)
            for _module, kind, name, res_id, source, *_rest in TranslationModuleReader(
                self.env.cr, ["mini_crm"]
            )
            if kind != "code"
        )
        missing = [term for term in terms if term not in named]
        self.assertFalse(missing, "Not named by '#:' in i18n/fa.po: export it anew")

    def test_translations_keep_placeholders_and_tags(self):
        changed = [
            f"{entry.msgid!r} -> {entry.msgstr!r}"
            for entry in self.po
            if entry.msgstr
            and sorted(PLACEHOLDER.findall(entry.msgid))
            != sorted(PLACEHOLDER.findall(entry.msgstr))
        ]
        self.assertFalse(changed, "\n".join(changed))

    def test_letters_and_digits_are_persian_not_arabic(self):
        arabic = [entry.msgstr for entry in self.po if ARABIC.search(entry.msgstr)]
        self.assertFalse(arabic, "\n".join(arabic))

    def test_digits_are_latin(self):
        # Odoo writes numbers, dates and amounts so, on the same screen.
        persian = [e.msgstr for e in self.po if PERSIAN_DIGITS.search(e.msgstr)]
        self.assertFalse(persian, "\n".join(persian))

    def test_words_are_those_of_the_glossary(self):
        for word, ours in REPLACED.items():
            spelled = re.compile(re.sub("[\u200c ]", "[\u200c ]?", word))
            others = [e.msgstr for e in self.po if spelled.search(e.msgstr)]
            self.assertFalse(others, f"{ours} is the word:\n" + "\n".join(others))

    def test_no_status_is_called_state(self):
        # A State is a part of a country; fa.po can say only one of both.
        wrong = self.env["ir.model.fields"].search(
            [
                ("model", "=like", "mini_crm.%"),
                ("ttype", "=", "selection"),
                ("field_description", "=", "State"),
            ]
        )
        self.assertFalse(wrong.mapped("display_name"), "Call it Status")

    def test_nothing_is_fuzzy_or_left_over(self):
        doubtful = [e.msgid for e in self.po if e.fuzzy or e.obsolete]
        self.assertFalse(doubtful)

    def test_a_persian_user_reads_persian(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.env["ir.module.module"]._load_module_terms(["mini_crm"], ["fa_IR"])
        env = self.env(context={**self.env.context, "lang": "fa_IR"})
        labels = env["res.partner"].fields_get(["crm_score", "crm_health"])
        self.assertEqual(labels["crm_score"]["string"], self.persian["Score"])
        self.assertIn(
            ("red", self.persian["At risk"]), labels["crm_health"]["selection"]
        )
        menu = env.ref("mini_crm.mini_crm_customer_menu")
        self.assertEqual(menu.name, self.persian["Customers"])
        arch = env["res.partner"].get_view(
            env.ref("mini_crm.mini_crm_customer_view_search").id, "search"
        )["arch"]
        self.assertIn(self.persian["At risk"], arch)
        self.assertEqual(
            env["mini_crm.batch"]._problem_texts()["date_missing"],
            self.persian["The date is missing."],
        )
