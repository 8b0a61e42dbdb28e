"""What is wrong with a condition, in people's words: what, where, how to mend it."""


def message(env, problem):
    """One problem in the user's language.

    :param ConditionProblem problem: see ``engine.conditions_tree``
    :rtype: str
    """
    texts = _texts(env)
    details = dict(problem.details)
    if "allowed" in details:
        details["allowed"] = ", ".join(details["allowed"])
    sentence = texts[problem.code] % details
    if not problem.path:
        return sentence
    if len(problem.path) == 1:
        return env._(
            "Comparison %(number)s: %(problem)s",
            number=problem.path[0],
            problem=sentence,
        )
    return env._(
        "Comparison %(number)s, part %(part)s: %(problem)s",
        number=problem.path[0],
        part=".".join(map(str, problem.path[1:])),
        problem=sentence,
    )


def _texts(env):
    """A sentence for each code of ``ConditionProblem``: {code: template}."""
    return {
        **_texts_of_form(env),
        **_texts_of_fields(env),
        **_texts_of_values(env),
        **_texts_of_types(env),
    }


def _texts_of_form(env):
    _ = env._
    return {
        "syntax": _(
            "This is no list of comparisons. Write it as"
            " [(“crm_score”, “>=”, 80)] with straight quotes, without formulas."
        ),
        "no_list": _(
            "A condition is a list of comparisons in square brackets, not %(given)s."
        ),
        "too_long": _(
            "The condition is too long: at most %(limit)s bytes. Split it into"
            " several segments."
        ),
        "too_many": _(
            "At most %(limit)s comparisons fit into one condition. Split it into"
            " several segments."
        ),
        "too_deep": _(
            "The groups are nested too deep: at most %(limit)s levels. Put the inner"
            " groups into a segment of their own."
        ),
        "operand_missing": _(
            "A “&”, “|” or “!” stands without the comparisons that it joins. Add"
            " them after it, or take it out."
        ),
        "no_triple": _(
            "“%(given)s” is no comparison: it needs a field, an operator and a value."
        ),
        "no_list_within": _(
            "What is asked of %(field)s must be a list of comparisons, not %(given)s."
        ),
        "text_broken": _(
            "A text has characters that cannot be stored. Type it anew by hand."
        ),
    }


def _texts_of_fields(env):
    _ = env._
    return {
        "no_field": _("“%(given)s” is no name of a field. Choose one of the list."),
        "field_unknown": _(
            "“%(field)s” cannot be used in conditions. Choose another field."
        ),
        "field_path": _(
            "“%(field)s” cannot be used in conditions: only a part of a date may follow"
            " the dot, as in .month_number. Choose another field."
        ),
        "field_gone": _(
            "The custom field of “%(field)s” is archived or has no column any more."
            " Restore it, or take this comparison out."
        ),
        "operator_unknown": _(
            "“%(given)s” is no operator for %(field)s. Use one like =, !=, <, >=, in."
        ),
        "operator_unfit": _(
            "%(field)s cannot be compared by “%(operator)s”. Use one of: %(allowed)s."
        ),
    }


def _texts_of_values(env):
    _ = env._
    return {
        "value_kind": _(
            "%(field)s: a value must be a text, a number, yes or no, or a list of"
            " these, not %(given)s."
        ),
        "number_range": _(
            "%(field)s: the number %(given)s is too large, or none at all. Write a"
            " smaller one."
        ),
        "part_range": _(
            "%(field)s: “%(given)s” must be a whole number from %(low)s to %(high)s."
        ),
        "list_unfit": _(
            "%(field)s is compared with one value, not with a list. Use “in” for"
            " several."
        ),
        "list_missing": _(
            "%(field)s: “%(operator)s” needs a list of values, as in [1, 2]."
        ),
        "list_empty": _("%(field)s: the list of values is empty. Choose at least one."),
        "empty_unfit": _(
            "%(field)s cannot be compared with nothing by “%(operator)s”. Enter a"
            " value."
        ),
    }


def _texts_of_types(env):
    _ = env._
    return {
        "text_expected": _("%(field)s: “%(given)s” must be a text in quotes."),
        "text_empty": _("%(field)s: the text is empty. Enter what to look for."),
        "text_backslash": _(
            "%(field)s: a text to look for cannot end with a backslash. Take it off."
        ),
        "number_expected": _(
            "%(field)s: “%(given)s” is no number. Write a number without quotes."
        ),
        "date_expected": _("%(field)s: “%(given)s” must be a date in quotes."),
        "day_unreadable": _(
            "%(field)s: “%(given)s” is no day. Write 2026-01-31, or “today -30d” for 30"
            " days ago."
        ),
        "date_unreadable": _(
            "%(field)s: “%(given)s” is no date. Write 2026-01-31, “today -30d” for 30"
            " days ago or “now -3H” for 3 hours ago."
        ),
        "boolean_expected": _("%(field)s: “%(given)s” must be True or False."),
        "choice_unknown": _(
            "%(field)s: “%(given)s” is none of its choices. Choose one of the list."
        ),
        "record_expected": _(
            "%(field)s: “%(given)s” is no number of a record. Choose it from the list."
        ),
        "record_unknown": _(
            "%(field)s: there is none with the number %(given)s. Choose another one"
            " from the list, or take this comparison out."
        ),
    }
