"""Problems of a template's conditions as sentences."""


def problem_text(env, code, rule, details):
    """What is wrong with the condition of a segment or tag rule: str.

    :param str code: as ``engine.industries.domain_problems`` gives it
    :param str rule: key of the segment or tag rule
    :param dict details: likewise
    """
    if code == "field":
        return env._(
            "The condition of %(rule)s names %(field)s, which is neither a field"
            " of this industry nor a figure of the customer. Write custom:key for a"
            " field.",
            rule=rule,
            **details,
        )
    if code == "operator":
        return env._(
            "The condition of %(rule)s compares %(field)s by %(operator)s. Its type"
            " does not allow that: take another comparison.",
            rule=rule,
            **details,
        )
    if code == "value":
        return env._(
            "The condition of %(rule)s compares %(field)s with %(value)s. Its type does"
            " not allow that: take a value of the field.",
            rule=rule,
            **details,
        )
    return env._(
        "The condition of %(rule)s is incomplete at %(domain)s. A comparison is a list"
        " of field, operator and value.",
        rule=rule,
        **details,
    )
