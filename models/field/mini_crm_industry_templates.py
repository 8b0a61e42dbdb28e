import json

from odoo import api, models
from odoo.fields import Command
from odoo.tools import file_open

from .applied_fields import TEXTS
from .field_texts import SOURCE, fill_texts, languages
from .mini_crm_industry_field import SHOWN

FOLDER = "mini_crm/data/industries"
# One file each, in the order of the gallery; docs/industries.md says what is in it.
INDUSTRIES = (
    "retail",
    "ecommerce",
    "restaurant",
    "healthcare",
    "education",
    "technology",
    "finance",
    "real_estate",
    "travel",
    "beauty",
    "fitness",
    "automotive",
    "consulting",
    "legal",
    "non_profit",
    "manufacturing",
    "agriculture",
    "entertainment",
    "media",
    "other",
)
PLAIN = ("key", "type", "role", "section", "rules", "options")


def read_template(key):
    """The file of an industry, as docs/industries.md describes it: dict."""
    with file_open(f"{FOLDER}/{key}.json", filter_ext=(".json",)) as source:
        return json.load(source)


class MiniCrmIndustry(models.Model):
    """Where the templates come from: files with the texts of every language.

    A file holds all its languages, so that a language that is activated later has its
    texts at once. A template that is there already is never changed by its file: what a
    person has made of it stays.
    """

    _inherit = "mini_crm.industry"

    @api.model
    def _load_templates(self):
        """Make the industries that are not there yet; on install and on update."""
        there = set(self.with_context(active_test=False).search([]).mapped("key"))
        self.with_context(lang=SOURCE).create(
            [
                _industry_vals(read_template(key), (index + 1) * 10)
                for index, key in enumerate(INDUSTRIES)
                if key not in there
            ]
        )
        for lang in languages(self.env):
            self._translate_templates(lang)

    @api.model
    def _translate_templates(self, lang):
        """Give the templates the texts that their files have in a language."""
        industries = self.with_context(active_test=False).search(
            [("key", "in", INDUSTRIES)]
        )
        own = {name: [] for name in ("name", "description")}
        of_fields = {name: [] for name in TEXTS}
        for industry in industries:
            template = read_template(industry.key)
            for name, rows in own.items():
                rows.append(_row(industry, template.get(name), lang))
            fields = {field["key"]: field for field in template["fields"]}
            for field in industry.field_ids:
                for name, rows in of_fields.items():
                    texts = fields.get(field.key, {}).get(name)
                    rows.append(_row(field, texts, lang))
        for name, rows in own.items():
            fill_texts(self, name, lang, rows)
        for name, rows in of_fields.items():
            fill_texts(self.env["mini_crm.industry.field"], name, lang, rows)


def _row(record, texts, lang):
    """A row for ``fill_texts`` from the {language: text} of a file."""
    texts = texts or {}
    return record.id, texts.get(SOURCE), texts.get(lang)


def _industry_vals(template, sequence):
    """A file's content as values of ``mini_crm.industry``."""
    return {
        "key": template["key"],
        "icon": template["icon"],
        "name": template["name"][SOURCE],
        "description": template["description"][SOURCE],
        "sequence": sequence,
        "sections": template["sections"],
        "segments": template["segments"],
        "tag_rules": template["tag_rules"],
        "field_ids": [
            Command.create(_field_vals(field, (index + 1) * 10))
            for index, field in enumerate(template["fields"])
        ],
    }


def _field_vals(field, sequence):
    """A field of a file as values of ``mini_crm.industry.field``."""
    texts = {name: field[name][SOURCE] for name in TEXTS if name in field}
    plain = {name: field[name] for name in (*PLAIN, *SHOWN) if name in field}
    return {"sequence": sequence, **texts, **plain}
