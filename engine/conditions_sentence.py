"""A condition as a sentence for people, in whatever language the words are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from .conditions_dates import Relative, Step, read_date
from .conditions_fields import DATES, RECORDS, ConditionField
from .conditions_tree import ROWS, All, Condition, Either, Leaf, Not

SHOWN = 5  # values of a list that are named; of more their number is told
_COMPARED = {
    "=": "is",
    "!=": "is_not",
    "<": "less",
    ">": "more",
    "<=": "at_most",
    ">=": "at_least",
}
_DATED = {
    "=": "date_is",
    "!=": "date_is_not",
    "<": "date_before",
    ">": "date_after",
    "<=": "date_until",
    ">=": "date_from",
}
# A date that many days, weeks... ago: how it is said.
_AGO = {
    "<": "older",
    ">=": "within",
    "<=": "at_least_ago",
    ">": "less_ago",
    "=": "ago",
    "!=": "not_ago",
}
_SOUGHT = {
    "ilike": "contains",
    "not ilike": "contains_not",
    "=ilike": "like",
    "not =ilike": "like_not",
}
_MOMENTS = {
    "today": (),
    "first_of_month": (Step("=", 1, "d"),),
    "first_of_year": (Step("=", 1, "m"), Step("=", 1, "d")),
    "start_of_week": (Step("=", 0, "week_start"),),
}


@dataclass(frozen=True)
class Words:
    """The language of a sentence.

    :param texts: {code: template}, see ``models/condition/condition_words.py``
    :param fields: the allow-list, with labels
    :param number: of a number, as people write it
    :param day: of a date or a datetime
    :param part: name of a value of a part of a date: ("month_number", 1) -> "January"
    :param record: name of a record: (model, id) -> text; None: there is none
    """

    texts: Mapping[str, str]
    fields: Mapping[str, ConditionField]
    number: Callable[[float], str]
    day: Callable[[date], str]
    part: Callable[[str, int], str]
    record: Callable[[str, int], str | None]


def sentence(tree: Condition, words: Words) -> str:
    """What a condition says, e.g. "score at least 80 and bought 5 times or more"."""
    return _Speaker(words).say(tree)


class _Speaker:
    """Says a tree in words; of rows with their own fields."""

    def __init__(self, words: Words, fields=None):
        self.words = words
        self.fields = words.fields if fields is None else fields

    def text(self, code, **values):
        return self.words.texts[code] % values

    def say(self, tree) -> str:
        if isinstance(tree, Leaf):
            return self._leaf(tree)
        if isinstance(tree, Not):
            return self.text("not", inner=self._inner(tree.child))
        if not tree.children:
            return self.text("everybody" if isinstance(tree, All) else "nobody")
        known = isinstance(tree, Either) and self._in_touch(tree)
        if known:
            return known
        said = [self._inner(child) for child in tree.children]
        return self._joined(said, "and" if isinstance(tree, All) else "or")

    def _inner(self, tree):
        """A part of a larger sentence: in brackets where it could be misread."""
        said = self.say(tree)
        plain = (
            isinstance(tree, Leaf)
            or not getattr(tree, "children", True)
            or (isinstance(tree, Either) and self._in_touch(tree))
        )
        return said if plain else self.text("group", inner=said)

    def _joined(self, said, code):
        result = said[0]
        for place, part in enumerate(said[1:], 2):
            joint = code if place == len(said) else "comma"
            result = self.text(joint, first=result, second=part)
        return result

    def _in_touch(self, tree):
        """ "No contact for 30 days", where the never contacted count from when they are
        known, and its opposite; None: it says something else."""
        if len(tree.children) != 2 or not isinstance(tree.children[1], All):
            return None
        last, never = tree.children
        if len(never.children) != 2:
            return None
        empty, since = never.children
        if (
            not isinstance(last, Leaf)
            or empty != Leaf("last_contacted_at", "=", False)
            or since != Leaf("customer_since", last.operator, last.value)
            or last.field != "last_contacted_at"
        ):
            return None
        span = self._ago(last)
        code = {"<": "no_contact", ">=": "contact"}.get(last.operator)
        return self.text(code, span=span) if code and span else None

    # One comparison

    def _leaf(self, leaf):
        spec = self.fields.get(leaf.name)
        if spec is None:
            return self.text("unknown")
        if leaf.operator in ROWS:
            return self._rows(leaf, spec)
        if leaf.part:
            return self._part(leaf, spec)
        if leaf.value is False and spec.kind != "boolean":
            empty = leaf.operator == "="
            return self._about(leaf, "empty" if empty else "filled", spec)
        if spec.kind in DATES:
            return self._dated(leaf, spec)
        if leaf.operator in _SOUGHT:
            return self._sought(leaf, spec)
        if spec.kind == "boolean":
            yes = leaf.value is (leaf.operator == "=")
            return self._about(leaf, "yes" if yes else "no", spec)
        if spec.kind in ("choice", "text", *RECORDS):
            return self._one_of(leaf, spec)
        return self._compared(leaf, spec)

    def _about(self, leaf, code, spec, **values):
        """The template of this field for a code, else the one for every field."""
        values.setdefault("field", self._name(leaf.name, spec))
        texts = self.words.texts
        own = f"{leaf.name}:{code}"
        return texts[own if own in texts else code] % values

    def _name(self, name, spec):
        return self.words.texts.get(f"word:{name}") or spec.label

    def _compared(self, leaf, spec):
        if leaf.operator in ("in", "not in"):
            return self._one_of(leaf, spec)
        exact = f"{leaf.name}:{leaf.operator}{leaf.value}"
        if exact in self.words.texts:
            return self.words.texts[exact]
        value = self.words.number(leaf.value)
        return self._about(leaf, _COMPARED[leaf.operator], spec, value=value)

    def _part(self, leaf, spec):
        several = isinstance(leaf.value, tuple)
        values = leaf.value if several else (leaf.value,)
        named = [self._part_value(leaf.part, value) for value in values]
        name = self.text(
            "part",
            part=self.text(f"part:{leaf.part}"),
            field=self._name(leaf.name, spec),
        )
        code = {"in": "one_of", "not in": "none_of"}.get(
            leaf.operator, _COMPARED.get(leaf.operator)
        )
        return self.text(code, field=name, value=self._list(named))

    def _part_value(self, part, value):
        return self.text("nothing") if value is False else self.words.part(part, value)

    def _one_of(self, leaf, spec):
        several = isinstance(leaf.value, tuple)
        values = leaf.value if several else (leaf.value,)
        named = [self._value(value, spec) for value in values]
        negative = leaf.operator in ("!=", "not in")
        if len(named) == 1:
            code = "is_not" if negative else "is"
            exact = f"{leaf.name}:{code}:{values[0]}"
            if exact in self.words.texts:
                return self.words.texts[exact]
        else:
            code = "none_of" if negative else "one_of"
        return self._about(leaf, code, spec, value=self._list(named))

    def _value(self, value, spec):
        if value is False:
            return self.text("nothing")
        if spec.kind == "choice":
            return dict(spec.choices).get(value) or self.text("gone")
        if spec.kind in RECORDS:
            return self.words.record(spec.model, value) or self.text("gone")
        if isinstance(value, str):
            return self.text("quoted", value=value)
        return self.words.number(value)

    def _list(self, named):
        shown = named[:SHOWN]
        if len(named) > SHOWN:
            more = self.words.number(len(named) - SHOWN)
            shown.append(self.text("more_values", count=more))
        return self._joined(shown, "or")

    def _sought(self, leaf, spec):
        code, value = _SOUGHT[leaf.operator], leaf.value
        bare = value.strip("%")
        if code == "like" and "%" not in bare and "_" not in bare and bare:
            if value == f"{bare}%":
                code, value = "begins", bare
            elif value == f"%{bare}":
                code, value = "ends", bare
        return self._about(leaf, code, spec, value=self.text("quoted", value=value))

    # Dates

    def _dated(self, leaf, spec):
        span = self._ago(leaf)
        if span:
            return self._about(leaf, _AGO[leaf.operator], spec, span=span)
        said = read_date(leaf.value, days_only=False)
        value = self._moment(said) if isinstance(said, Relative) else self._day(said)
        return self._about(leaf, _DATED[leaf.operator], spec, value=value)

    def _day(self, said):
        return self.words.day(said) if said else self.text("gone")

    def _ago(self, leaf):
        """ "30 days" where a date is compared with 30 days ago; else None."""
        if not isinstance(leaf.value, str):
            return None
        said = read_date(leaf.value, days_only=False)
        if not isinstance(said, Relative) or len(said.steps) != 1:
            return None
        step = said.steps[0]
        return self._span(step) if step.sign == "-" and step.count else None

    def _span(self, step):
        if step.count == 1:
            return self.text(f"one:{step.unit}")
        return self.text(f"many:{step.unit}", count=self.words.number(step.count))

    def _moment(self, said):
        for code, steps in _MOMENTS.items():
            if said.whole_days and set(said.steps) == set(steps):
                return self.text(code)
        result = self.text("today" if said.whole_days else "now")
        steps = list(said.steps)
        if len(steps) == 1 and steps[0].sign == "+" and steps[0].count:
            return self.text("in_span", span=self._span(steps[0]))
        for step in steps:
            result = self._moved(result, step)
        return result

    def _moved(self, moment, step):
        if step.unit not in "dwmyHMS":
            day = self.text(f"day:{step.unit}")
            return self.text("moved_to", moment=moment, day=day)
        if step.sign == "=":
            return self.text(
                f"set:{step.unit}", moment=moment, count=self.words.number(step.count)
            )
        code = "earlier" if step.sign == "-" else "later"
        return self.text(code, moment=moment, span=self._span(step))

    # Events and purchases

    def _rows(self, leaf, spec):
        """What happened or did not: kind and time in words, the rest behind them."""
        inner = leaf.value.children if isinstance(leaf.value, All) else (leaf.value,)
        kinds, span, rest = self._row_parts(inner, spec)
        bought = leaf.field == "purchase_ids" or kinds == ("purchase_made",)
        code = "bought" if bought else "happened" if kinds else "anything"
        code += "" if leaf.operator == "any" else ":none"
        values = {"span": span or ""}
        if kinds and not bought:
            types = dict(spec.fields["type"].choices)
            named = [
                self.text("quoted", value=types.get(kind) or self.text("gone"))
                for kind in kinds
            ]
            values["what"] = self._list(named)
        said = self.text(f"{code}:within" if span else code, **values)
        if not rest:
            return said
        below = _Speaker(self.words, spec.fields)
        return self.text("where", rows=said, inner=below.say(All(tuple(rest))))

    def _row_parts(self, parts, spec):
        """Types of events, how far back, and everything else that is asked of a row."""
        kinds, span, rest = (), None, []
        for part in parts:
            plain = isinstance(part, Leaf)
            if plain and part.field == "type" and part.operator in ("=", "in"):
                found = part.value if part.operator == "in" else (part.value,)
                if not kinds and False not in found:
                    kinds = found
                    continue
            if plain and part.field == spec.date and part.operator == ">=":
                found = self._ago(part)
                if found and not span:
                    span = found
                    continue
            rest.append(part)
        return kinds, span, rest
