"""data/industries: every template is complete, sound, and in both languages."""

import json
import re
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from engine.field_rules import check_rule
from engine.field_values import FieldRule, Option
from engine.fields import SLOT_COUNTS
from engine.industries import domain_problems

FOLDER = Path(__file__).parents[2] / "data/industries"
TEMPLATES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.json"))
}
FIELDS = [
    pytest.param(field, id=f"{key}-{field['key']}")
    for key, template in TEMPLATES.items()
    for field in template["fields"]
]
LANGUAGES = {"en_US", "fa_IR"}
KEY = re.compile(r"[a-z][a-z0-9_]{1,49}")
PERSIAN = re.compile("[\u0600-\u06ff]")
ARABIC = re.compile("[\u0643\u0649\u064a\u0660-\u0669\u06f0-\u06f9]")
FONT_AWESOME = re.compile(r"fa-[a-z-]+")
SPECIFIED = {
    "retail": {
        "birth_date",
        "loyalty_points",
        "favorite_category",
        "last_purchase_date",
        "is_vip",
    },
    "healthcare": {
        "medical_id",
        "insurance_type",
        "last_visit_date",
        "chronic_conditions",
    },
}

every_template = pytest.mark.parametrize("key", TEMPLATES)
every_field = pytest.mark.parametrize("field", FIELDS)


def texts(node):
    """Every {language: text} below a part of a file (iterator)."""
    if isinstance(node, dict):
        if LANGUAGES & set(node):
            yield node
        else:
            for value in node.values():
                yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def test_there_are_the_twenty_industries_of_the_scope():
    assert set(TEMPLATES) == {
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
    }


@pytest.mark.parametrize("key", SPECIFIED)
def test_what_the_scope_names_is_there(key):
    assert {field["key"] for field in TEMPLATES[key]["fields"]} >= SPECIFIED[key]


@every_template
def test_every_text_is_in_both_languages(key):
    found = list(texts(TEMPLATES[key]))
    assert len(found) > 20
    for text in found:
        assert set(text) == LANGUAGES
        assert text["en_US"].isascii() or "é" in text["en_US"]
        assert PERSIAN.search(text["fa_IR"]), text
        assert not ARABIC.search(text["fa_IR"]), text
        assert all(value == value.strip() != "" for value in text.values())


@every_template
def test_template_is_complete(key):
    template = TEMPLATES[key]
    assert template["key"] == key
    assert FONT_AWESOME.fullmatch(template["icon"])
    assert 6 <= len(template["fields"]) <= 12
    assert template["segments"]
    assert template["tag_rules"]
    keys = [field["key"] for field in template["fields"]]
    assert len(set(keys)) == len(keys)
    assert {field["section"] for field in template["fields"]} == {
        section["key"] for section in template["sections"]
    }


@every_field
def test_field_is_sound(field):
    assert KEY.fullmatch(field["key"])
    assert field["type"] in SLOT_COUNTS
    assert set(field) <= {
        *("key", "type", "role", "name", "section", "help", "placeholder", "rules"),
        *("options", "show_in_list", "show_in_card", "show_in_filter"),
    }
    options = field.get("options", [])
    assert bool(options) == (field["type"] == "select")
    codes = [option["code"] for option in options]
    assert len(set(codes)) == len(codes)
    for option in options:
        assert set(option) == {"code", "color", "labels"}
        assert KEY.fullmatch(option["code"])
        assert option["color"] in range(12)
    for lang in LANGUAGES:
        labels = [option["labels"][lang] for option in options]
        assert len(set(labels)) == len(labels)


@every_field
def test_rules_are_sound(field):
    rules = dict(field.get("rules", {}))
    for name in {"earliest", "latest"} & set(rules):
        rules[name] = date.fromisoformat(rules[name])
    options = tuple(
        Option(option["code"], tuple(option["labels"].values()))
        for option in field.get("options", [])
    )
    check_rule(FieldRule(field["key"], field["type"], options=options, **rules))


@every_template
def test_conditions_are_sound_and_name_what_is_there(key):
    fields = {
        field["key"]: (field["type"], {o["code"] for o in field.get("options", [])})
        for field in TEMPLATES[key]["fields"]
    }
    for kind in ("segments", "tag_rules"):
        rules = TEMPLATES[key][kind]
        assert len({rule["key"] for rule in rules}) == len(rules)
        for rule in rules:
            assert set(rule) == {"key", "name", "color", "domain"}
            assert KEY.fullmatch(rule["key"])
            assert domain_problems(rule["domain"], fields) == []


def test_same_key_means_the_same_in_every_industry():
    seen = {}
    for template in TEMPLATES.values():
        for field in template["fields"]:
            assert seen.setdefault(field["key"], field) == field
    sections = {}
    for template in TEMPLATES.values():
        for section in template["sections"]:
            assert sections.setdefault(section["key"], section) == section


def test_same_label_means_the_same_field():
    for lang in LANGUAGES:
        keys = {}
        for template in TEMPLATES.values():
            for field in template["fields"]:
                assert (
                    keys.setdefault(field["name"][lang], field["key"]) == field["key"]
                )


def test_any_three_industries_have_room_beside_each_other():
    kinds = {
        key: {field["key"]: field["type"] for field in template["fields"]}
        for key, template in TEMPLATES.items()
    }
    for three in combinations(kinds, 3):
        types = list({**kinds[three[0]], **kinds[three[1]], **kinds[three[2]]}.values())
        for kind, count in SLOT_COUNTS.items():
            assert types.count(kind) <= count, (three, kind)
