"""What is wrong with a value, or with the rules of a custom field, in people's words.

Every code of ``engine.field_values.ValueProblem`` has its sentence here: it says what
is wrong and how to put it right. Imports use the same ones.
"""

from datetime import date
from decimal import Decimal

from odoo.tools import format_date

from ...engine.money import plain_number
from ...engine.text import clean

SHOWN_VALUE = 60  # characters of a value that a message repeats


def problem_text(env, label, problem, value):
    """One message: the field, what was given, what is wrong and how to mend it.

    :param str label: of the field, in the user's language
    :param ValueProblem problem: of ``read_value`` or ``check_rule``
    :param value: what was given; ``None`` for a problem of the rules themselves
    :rtype: str
    """
    sentence = explained(env, problem.code, problem.details)
    if value is None:
        return f"{label}: {sentence}"
    return env._(
        "%(field)s: “%(value)s” does not fit. %(sentence)s",
        field=label,
        value=short_value(value),
        sentence=sentence,
    )


def short_value(value):
    """A value of any kind as a short text without characters that do not show."""
    # before cleaning: what a program sends may be megabytes
    text = clean(str(value)[: 10 * SHOWN_VALUE])
    return text if len(text) <= SHOWN_VALUE else f"{text[: SHOWN_VALUE - 1]}…"


def explained(env, code, details):
    """The sentence of a code in the user's language.

    :param dict details: of the problem, also as JSON keeps them
    :rtype: str
    """
    return value_texts(env)[code].format_map(shown_details(env, details))


def shown_details(env, details):
    """Details of a problem as its sentence shows them: {name: str}."""
    return {name: _shown(env, name, value) for name, value in details.items()} | {
        "more": "…" if details.get("more") else ""
    }


def _shown(env, name, value):
    if name in ("earliest", "latest") or isinstance(value, date):
        return format_date(env, value)
    if name == "rule":
        return _rule_names(env)[value]
    if name == "type":
        types = env["mini_crm.field"]._fields["type"]._description_selection(env)
        return dict(types).get(value, value)
    if isinstance(value, (list, tuple)):
        return ", ".join(value)
    if isinstance(value, float):
        return plain_number(Decimal(repr(value)))
    return str(value)


def value_texts(env):
    """Every code with its sentence; ``{name}`` stands for a detail: dict."""
    return {
        **reach_texts(env),
        **date_texts(env),
        **_plain_texts(env),
        **_number_texts(env),
        **_link_texts(env),
        **_choice_texts(env),
        **_rule_texts(env),
        **_pattern_texts(env),
    }


def reach_texts(env):
    """Sentences about e-mail addresses and phone numbers."""
    return {
        "email_unknown": env._(
            "This is not an e-mail address. Write it like name@example.com, or leave it"
            " empty."
        ),
        "email_several": env._("There is more than one e-mail address. Keep one."),
        "phone_unknown": env._(
            "This is not a phone number. Use digits only, with + and the country code"
            " for numbers from abroad, or leave it empty."
        ),
        "phone_home": env._(
            "Your company has no country, so only numbers with + and the country"
            " code can be read. Set the country in your company's settings, or"
            " write the number with its country code."
        ),
        "phone_several": env._("There is more than one phone number. Keep one."),
        "phone_scientific": env._(
            "The spreadsheet has shortened this number and lost digits. Format the"
            " column as text, enter the number again and save the file again."
        ),
        "phone_short": env._(
            "This phone number has too few digits. Add the area code."
        ),
        "phone_long": env._("This phone number has too many digits."),
        "phone_country": env._("No country has this calling code. Check the number."),
        "phone_invalid": env._(
            "No such phone number can exist. Add the area code, or + and the"
            " country code if it is from abroad."
        ),
    }


def date_texts(env):
    """Sentences about dates."""
    return {
        "date_unknown": env._(
            "This is not a date. Write it like 2026-01-31 or 1404/11/11."
        ),
        "date_short_year": env._("Write the year with four digits."),
        "date_year": env._("This year cannot be right."),
        "date_impossible": env._(
            "There is no such day or time. Check the day and the month, and which of"
            " the two comes first."
        ),
        "date_time": env._("Only a day can be kept here. Leave out the time."),
        "date_before": env._("The earliest day allowed is {earliest}."),
        "date_after": env._("The latest day allowed is {latest}."),
    }


def _plain_texts(env):
    return {
        "value_required": env._("A value is needed here. Fill it in."),
        "value_type": env._(
            "A field of the type “{type}” does not take a value of this kind. Send it"
            " as text."
        ),
        "value_long": env._(
            "This is too long: {length} characters of at most {limit}. Shorten it."
        ),
        "text_hidden": env._(
            "Character {place} cannot be seen ({sign}). Delete it, or type the text"
            " anew instead of pasting it."
        ),
        "text_long": env._(
            "This is too long: {length} characters of at most {max_length}. Shorten it."
        ),
        "text_short": env._(
            "This is too short: {length} characters of at least {min_length}. Check"
            " whether something is missing."
        ),
        "text_pattern": env._(
            "This is not written as the field asks for. Its pattern is {pattern}"
        ),
        "boolean_unknown": env._("Write yes or no here."),
    }


def _number_texts(env):
    return {
        "number_unknown": env._("This is not a number. Write it like 1234.50."),
        "number_scientific": env._(
            "The spreadsheet has shortened this number. Format the column as a"
            " number without exponent and save the file again."
        ),
        "number_large": env._(
            "This number cannot be kept. Numbers have to be smaller than {limit}."
        ),
        "number_word": env._("Write only the number, without “{word}”."),
        "number_below": env._("The smallest number allowed is {minimum}."),
        "number_above": env._("The largest number allowed is {maximum}."),
    }


def _link_texts(env):
    return {
        "link_unknown": env._(
            "This is not a web address. Write it like https://example.com."
        ),
        "link_scheme": env._(
            "Only links that begin with http:// or https:// are safe."
        ),
        "link_long": env._("This link is longer than {limit} characters."),
        "link_character": env._(
            "A link has no blanks, quotation marks or characters that cannot be seen."
            " Copy it again from the browser's address bar."
        ),
        "link_login": env._(
            "This link has a login before the @. Leave it out: whoever sees the link"
            " would see it too."
        ),
    }


def _choice_texts(env):
    return {
        "option_unknown": env._(
            "There is no such choice. Take one of these: {options}{more}"
        ),
        "option_archived": env._(
            "“{option}” can no longer be chosen. Take another choice, or restore it in"
            " the field's settings."
        ),
    }


def _rule_names(env):
    return {
        "minimum": env._("smallest number"),
        "maximum": env._("largest number"),
        "earliest": env._("earliest day"),
        "latest": env._("latest day"),
        "min_length": env._("shortest length"),
        "max_length": env._("greatest length"),
        "pattern": env._("pattern"),
        "options": env._("choices"),
    }


def _rule_texts(env):
    return {
        "rule_type": env._("There is no type of field called “{type}”."),
        "rule_unfit": env._(
            "A field of the type “{type}” has no rule “{rule}”. Leave the rule out."
        ),
        "rule_number": env._("The rule “{rule}” needs a number, not “{value}”."),
        "rule_date": env._(
            "The rule “{rule}” needs a day like 2026-01-31, not “{value}”."
        ),
        "rule_length": env._(
            "The rule “{rule}” needs a whole number from 0 to {limit}, not “{value}”."
        ),
        "rule_order": env._(
            "No value could keep both rules: {lower} is more than {upper}. Change one"
            " of the two."
        ),
        "rule_option_empty": env._(
            "A choice needs a code, which is what is stored. One has none: {names}"
        ),
        "rule_option_twice": env._(
            "Two choices have the code “{option}”. Give each its own."
        ),
        "rule_option_label": env._(
            "“{label}” stands for two choices. Give each its own label."
        ),
    }


def _pattern_texts(env):
    return {
        "rule_pattern": env._(
            "This pattern cannot be read. Look for a bracket that is not closed"
            " (RE2 says: {reason})."
        ),
        "rule_pattern_long": env._(
            "This pattern is too long: {length} characters of at most {limit}."
        ),
        "rule_pattern_look": env._(
            "Patterns cannot look ahead or back ({part}). Describe the whole text"
            " instead."
        ),
        "rule_pattern_back": env._(
            "Patterns cannot repeat what was found before ({part}). Describe it twice"
            " instead."
        ),
        "rule_pattern_large": env._(
            "This pattern repeats too much. Use smaller numbers in its braces."
        ),
    }
