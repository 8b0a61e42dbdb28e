"""The settings of the score that a shop may change, as one plain value.

``{"weights": {key: share of its sisters}, "full_counts": {key: how many earn full
marks}, "half_life": days, "full_spent": S, "full_order": A}``; S and A are amounts in
the company's currency, 0 while they are not set. The keys are those of
``engine.scoring``.
"""

from math import isfinite

from .scoring import FACTORS, FULL_COUNTS, HALF_LIFE, WEIGHTS

MOST = {"weights": 1.0, "full_counts": 100_000, "half_life": 3650, "amount": 10**15}
AMOUNTS = ("full_spent", "full_order")
DEFAULTS = {
    "weights": WEIGHTS,
    "full_counts": FULL_COUNTS,
    "half_life": HALF_LIFE,
    "full_spent": 0.0,
    "full_order": 0.0,
}


class SettingProblem(ValueError):
    """A setting that cannot be: ``code`` says why, ``key`` which one.

    Codes: ``unknown``, ``number`` (not a number), ``range`` (``least`` to ``most``),
    ``whole`` (has decimals), ``zero`` (all sisters of ``key`` weigh 0).
    """

    def __init__(self, code, key, least=None, most=None):
        super().__init__(f"{code}: {key}")
        self.code, self.key, self.least, self.most = code, key, least, most


def merged(current, changes):
    """Settings after changes: complete, checked, and of one form.

    :param dict current: settings, see the module
    :param dict changes: those of them that change, in the same form
    :rtype: dict
    :raises SettingProblem: for the first that cannot be
    """
    for key in changes:
        if key not in DEFAULTS:
            raise SettingProblem("unknown", str(key))
    result = {
        "weights": _numbers(current, changes, "weights", 0, whole=False),
        "full_counts": _numbers(current, changes, "full_counts", 1, whole=True),
        "half_life": _number(
            "half_life",
            changes.get("half_life", current["half_life"]),
            1,
            MOST["half_life"],
            whole=True,
        ),
    }
    for key in AMOUNTS:
        value = changes.get(key, current[key])
        result[key] = float(_number(key, value, 0, MOST["amount"], whole=False))
    for parent, names in (("", FACTORS), *FACTORS.items()):
        keys = [f"{parent}.{name}" if parent else name for name in names]
        if not any(result["weights"][key] for key in keys):
            raise SettingProblem("zero", parent)
    return result


def _numbers(current, changes, group, least, *, whole):
    """One of the two dicts of settings, merged and checked."""
    new = changes.get(group, {})
    if not isinstance(new, dict):
        raise SettingProblem("number", group)
    for key in new:
        if key not in DEFAULTS[group]:
            raise SettingProblem("unknown", str(key))
    return {
        key: _number(key, new.get(key, current[group][key]), least, MOST[group], whole)
        for key in DEFAULTS[group]
    }


def _number(key, value, least, most, whole):
    """A checked number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingProblem("number", key)
    if not isfinite(value):
        raise SettingProblem("number", key)
    if not least <= value <= most:
        raise SettingProblem("range", key, least, most)
    if whole and value != int(value):
        raise SettingProblem("whole", key)
    return int(value) if whole else float(value)
