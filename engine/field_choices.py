"""Values of select fields: a code is stored, people write a label in any language."""

from .field_rules import (
    MAX_TEXT,
    FieldRule,
    Option,
    ValueContext,
    ValueProblem,
    as_text,
)
from .text import match_key

SHOWN_OPTIONS = 8  # labels of choices that a problem lists


def read_option(rule: FieldRule, value, context: ValueContext) -> str:
    """Code of the option that a code or a label in any language names.

    :raises ValueProblem: option_unknown, option_archived
    """
    option = _named(rule, as_text(rule, value, limit=MAX_TEXT).strip())
    if option is None:
        raise _unknown(rule, context.persian)
    if not option.active and not context.archived:
        label = _label(option, context.persian)
        raise ValueProblem("option_archived", option=label)
    return option.code


def check_option(rule: FieldRule, code: str) -> None:
    """Whether there is an option of this code; an archived one was once chosen.

    :raises ValueProblem: option_unknown
    """
    if code not in {option.code for option in rule.options}:
        raise _unknown(rule, persian=False)


def show_option(rule: FieldRule, code: str, lang_persian: bool) -> str:
    """The label, or the code where the label would be read as another option."""
    option = next((option for option in rule.options if option.code == code), None)
    if option is None:
        return code
    label = _label(option, lang_persian)
    return label if _named(rule, label.strip()) is option else code


def _named(rule: FieldRule, text: str) -> Option | None:
    """The option of a code or label: what can be chosen comes before what is archived,
    codes before labels."""
    key = match_key(text)
    ways = (
        lambda option: option.code == text,
        lambda option: option.active and match_key(option.code) == key,
        lambda option: option.active and key in map(match_key, option.names),
        lambda option: match_key(option.code) == key,
        lambda option: key in map(match_key, option.names),
    )
    found = (option for fits in ways for option in rule.options if fits(option))
    return next(found, None)


def _unknown(rule: FieldRule, persian: bool) -> ValueProblem:
    names = [_label(option, persian) for option in rule.options if option.active]
    more = len(names) > SHOWN_OPTIONS
    return ValueProblem(
        "option_unknown", options=tuple(names[:SHOWN_OPTIONS]), more=more
    )


def _label(option: Option, persian: bool) -> str:
    """A label in the script of the language, or any, or the code."""
    names = [name for name in option.names if name.strip()]
    of_script = (name for name in names if _is_persian(name) == persian)
    return next(of_script, names[0] if names else option.code)


def _is_persian(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)
