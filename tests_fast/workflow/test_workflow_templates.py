"""data/workflows: every template can be published, and speaks both languages."""

import json
import re
from pathlib import Path

import pytest

from engine.conditions import parse
from engine.message_template import variables
from engine.opt_out import read_word
from engine.workflow_check import problems
from engine.workflow_file import CUSTOM, compared, localised, rewritten
from engine.workflow_graph import ways
from engine.workflow_kinds import CHANNELS

FOLDER = Path(__file__).parents[2] / "data/workflows"
TEMPLATES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.json"))
}
LANGUAGES = ("en_US", "fa_IR")
PERSIAN = re.compile("[\u0600-\u06ff]")
ARABIC = re.compile("[\u0643\u0649\u064a\u0660-\u0669\u06f0-\u06f9]")
WRITES = ("send", "ask")
CONTACT = {"name", "first_name", "city", "phone", "email"}

every = pytest.mark.parametrize("key", TEMPLATES)
in_both = pytest.mark.parametrize("lang", LANGUAGES)


def definition(key, lang="en_US"):
    """A template's definition in a language, with numbers for records."""

    def change(_node, setting, value):
        if setting.kind == "record":
            return 1
        if setting.kind == "domain":
            return repr(compared(value, lambda field, said: (field, said)))
        return value

    return localised(rewritten(TEMPLATES[key]["definition"], change), lang)


def texts(node):
    """Every {language: text} below a part of a file."""
    if isinstance(node, dict):
        if set(node) & set(LANGUAGES):
            yield node
        else:
            for value in node.values():
                yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def writing_nodes(key):
    nodes = TEMPLATES[key]["definition"]["nodes"]
    return {name: node for name, node in nodes.items() if node["kind"] in WRITES}


def test_there_are_the_six_templates_of_the_scope():
    assert set(TEMPLATES) == {
        "welcome",
        "birthday",
        "win_back",
        "after_purchase",
        "qualify",
        "vip",
    }


@in_both
@every
def test_template_has_no_problem_in_either_language(key, lang):
    assert problems(definition(key, lang)) == []


@every
def test_every_text_is_in_both_languages(key):
    found = list(texts(TEMPLATES[key]))
    assert len(found) > 3
    for text in found:
        assert set(text) == set(LANGUAGES)
        persian = text["fa_IR"]
        for words in persian if isinstance(persian, list) else [persian]:
            assert PERSIAN.search(words)
            assert not ARABIC.search(words)


@every
def test_texts_name_what_the_customer_or_an_earlier_answer_has(key):
    nodes = TEMPLATES[key]["definition"]["nodes"]
    answers = {
        f"answer:{name}" for name, node in nodes.items() if node["kind"] == "ask"
    }
    for text in texts(TEMPLATES[key]["definition"]):
        english, persian = (text[lang] for lang in LANGUAGES)
        if isinstance(english, str):
            assert set(variables(english)) == set(variables(persian))
            assert set(variables(english)) <= CONTACT | answers


@every
def test_template_says_which_channels_it_needs(key):
    channels = TEMPLATES[key]["channels"]
    assert set(channels) <= set(CHANNELS)
    assert bool(channels) == bool(writing_nodes(key))


@every
def test_first_message_that_cannot_be_sent_becomes_a_task_of_a_person(key):
    """Later ones may fail: the customer is known by then."""
    given = definition(key)
    edges = {name: dict(ways(given, name)) for name in given["nodes"]}
    for name in writing_nodes(key):
        wanted = ["not_sent"]
        if given["nodes"][name]["kind"] == "ask":
            wanted.append("window_closed")
        for edge in wanted:
            target = edges[name].get(edge)
            if target is None:
                # nothing is asked and nothing follows: a last kind word
                assert given["nodes"][name]["kind"] == "send"
                assert "next" not in edges[name]
            else:
                kind = given["nodes"][target]["kind"]
                assert kind in ("create_task", "hand_over")


@every
def test_conditions_name_nothing_of_one_shop(key):
    found = []

    def change(_node, setting, value):
        if setting.kind == "domain":
            compared(value, lambda field, said: found.append(field) or (field, said))
            parse(value)
        return value

    rewritten(TEMPLATES[key]["definition"], change)
    assert not [name for name in found if name.startswith(CUSTOM)]


@in_both
def test_no_choice_is_a_word_that_stops_messages(lang):
    for key in TEMPLATES:
        for node in definition(key, lang)["nodes"].values():
            for choice in node.get("choices", ()):
                assert read_word(choice["label"]) != "out"
