"""Fields, trees and words for tests of conditions."""

import ast
from pathlib import Path

import polib
from hypothesis import strategies as st

from engine.conditions import ConditionField, Leaf, Not, Words, all_of, either, topic

ROOT = Path(__file__).parents[2]


def field(name, kind, label, **more):
    return ConditionField(kind=kind, topic=topic(name), label=label, **more)


ROWS = {
    "type": field(
        "type",
        "choice",
        "Type",
        choices=(("purchase_made", "Purchase"), ("call_logged", "Call")),
    ),
    "date": field("date", "datetime", "Date", parts=True),
    "amount": field("amount", "number", "Amount"),
}
FIELDS = {
    "crm_score": field("crm_score", "integer", "Score"),
    "total_purchases": field("total_purchases", "integer", "Purchases"),
    "crm_health": field(
        "crm_health",
        "choice",
        "Health",
        choices=(("green", "Healthy"), ("red", "Risk")),
    ),
    "last_contacted_at": field(
        "last_contacted_at", "datetime", "Last Contact", parts=True
    ),
    "customer_since": field("customer_since", "datetime", "Customer Since", parts=True),
    "city": field("city", "text", "City"),
    "category_id": field(
        "category_id", "records", "Tags", model="res.partner.category"
    ),
    "custom_date_1": field("custom_date_1", "date", "Visit", parts=True),
    "custom_boolean_1": field("custom_boolean_1", "boolean", "Wholesale"),
    "custom_text_9": field("custom_text_9", "text", "Gone", gone=True),
    "birthday_period": field(
        "birthday_period",
        "choice",
        "Birthday",
        choices=(("today", "Today"), ("next_7", "Next 7 days")),
        empty=False,
    ),
    "event_ids": ConditionField(
        kind="rows", topic="", label="Event", date="date", fields=ROWS
    ),
}

numbers = st.integers(-(10**6), 10**6) | st.floats(
    -1e6, 1e6, allow_nan=False, allow_infinity=False
)
texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\\"), min_size=1, max_size=20
)
steps = st.one_of(
    st.builds("-{}{}".format, st.integers(0, 90), st.sampled_from("dwmy")),
    st.builds("+{}{}".format, st.integers(0, 90), st.sampled_from("dwmy")),
    st.sampled_from(["=1d", "=6m", "=monday", "+friday", "=week_start", "=2020y"]),
)
days = st.one_of(
    st.dates().filter(lambda day: 1850 <= day.year < 2200).map(str),
    st.lists(steps, max_size=4).map(lambda found: " ".join(["today", *found])),
)
moments = st.one_of(
    days,
    st.builds("now -{}{}".format, st.integers(0, 90), st.sampled_from("HMSd")),
    st.datetimes()
    .filter(lambda at: 1850 <= at.year < 2200)
    .map(lambda at: f"{at:%Y-%m-%d %H:%M:%S}"),
)


def _leaves(name, operators, values):
    return st.builds(Leaf, st.just(name), st.sampled_from(operators), values)


BOUNDS = ("=", "!=", "<", ">", "<=", ">=")
_plain = st.one_of(
    _leaves("crm_score", BOUNDS, numbers),
    _leaves("total_purchases", BOUNDS, st.integers(0, 9)),
    _leaves("crm_score", ("in", "not in"), st.lists(numbers, min_size=1).map(tuple)),
    _leaves("crm_health", ("=", "!="), st.sampled_from(["green", "red", False])),
    _leaves("last_contacted_at", BOUNDS, moments),
    _leaves("customer_since", BOUNDS, moments),
    _leaves("last_contacted_at", ("=", "!="), st.just(False)),
    _leaves("last_contacted_at.month_number", BOUNDS, st.integers(1, 12)),
    _leaves("custom_date_1.day_of_week", ("in",), st.just((0, 6))),
    _leaves("custom_date_1", BOUNDS, days),
    _leaves("city", ("=", "!=", "ilike", "not ilike", "=ilike", "not =ilike"), texts),
    _leaves(
        "category_id",
        ("in", "not in"),
        st.lists(st.integers(1, 99), min_size=1, max_size=9).map(tuple),
    ),
    _leaves("custom_boolean_1", ("=", "!="), st.booleans()),
    _leaves("birthday_period", ("=", "!="), st.sampled_from(["today", "next_7"])),
)
_inner = st.one_of(
    _leaves("type", ("=", "!="), st.sampled_from(["purchase_made", "call_logged"])),
    _leaves("type", ("in",), st.just(("purchase_made", "call_logged"))),
    _leaves("date", BOUNDS, moments),
    _leaves("amount", BOUNDS, numbers),
)


def _grown(below):
    several = st.lists(below, min_size=2, max_size=3)
    return st.one_of(several.map(all_of), several.map(either), below.map(Not))


rows = st.builds(
    Leaf,
    st.just("event_ids"),
    st.sampled_from(["any", "not any"]),
    st.lists(_inner, max_size=3).map(all_of) | st.lists(_inner, min_size=2).map(either),
)
#: any condition that has no problem
trees = st.recursive(_plain | rows, _grown, max_leaves=8) | st.just(all_of([]))


def english():
    """Templates of sentences, read off their source: {code: text}."""
    source = (ROOT / "models/condition/condition_words.py").read_text()
    result = {}
    names = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            targets = node.targets[0].elts
            names |= {
                target.id: call.args[0].value
                for target, call in zip(targets, node.value.elts, strict=True)
            }
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Dict):
            continue
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant):
                result[key.value] = (
                    value.args[0].value
                    if isinstance(value, ast.Call)
                    else names[value.id]
                )
    return result


def persian():
    """The same in Persian."""
    po = polib.pofile(str(ROOT / "i18n/fa.po"))
    known = {entry.msgid: entry.msgstr for entry in po}
    return {code: known[text] for code, text in english().items()}


def words(texts_of, record=lambda model, number: f"№{number}"):
    return Words(
        texts=texts_of,
        fields=FIELDS,
        number=lambda value: f"{value:g}",
        day=lambda day: day.isoformat(),
        part=lambda part, value: str(value),
        record=record,
    )
