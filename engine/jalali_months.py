"""Months of the Jalali year, in terms of Gregorian dates.

What searches dates knows the Gregorian calendar only. A Jalali month begins within some
days of one Gregorian month and ends within some days of the next, by the year.
"""

from functools import cache

from persiantools.jdatetime import JalaliDate

# Gregorian years in which the conditions are exact; beyond them a day at either end of
# a month may be wrong.
YEARS = range(1920, 2051)

Condition = tuple[str, str, object]


@cache
def month_alternatives(month: int) -> tuple[tuple[Condition, ...], ...]:
    """Conditions on the parts of a date that together say: it is in the Jalali month.

    :param month: 1 (Farvardin) to 12 (Esfand)
    :return: alternatives, each of conditions that hold together: (part, operator,
        value) with the parts ``year_number``, ``month_number``, ``day_of_month``
    """
    days = [
        (JalaliDate(year, month, 1), JalaliDate(year, month, _length(year, month)))
        for year in range(YEARS[0] - 622, YEARS[-1] - 620)
    ]
    first, last = (
        {day.to_gregorian().year: day.to_gregorian() for day in side}
        for side in zip(*days, strict=True)
    )
    return _side(first, ">=") + _side(last, "<=")


def _length(year: int, month: int) -> int:
    return JalaliDate.days_in_month(month, year)


def _side(days: dict, operator: str) -> tuple[tuple[Condition, ...], ...]:
    """What is on the month's side of its first or last day: {year: that day}."""
    in_month = ("month_number", "=", next(iter(days.values())).month)
    edges = {year: days[year].day for year in YEARS}
    always = max(edges.values()) if operator == ">=" else min(edges.values())
    alternatives = [(in_month, ("day_of_month", operator, always))]
    for day in range(min(edges.values()), max(edges.values()) + 1):
        if day != always:
            years = [
                year
                for year, edge in edges.items()
                if (edge <= day if operator == ">=" else edge >= day)
            ]
            alternatives.append(
                (in_month, ("day_of_month", "=", day), _years_condition(years))
            )
    return tuple(alternatives)


def _years_condition(years: list[int]) -> Condition:
    """The year is one of these: by naming them or the others, whichever are fewer."""
    others = [year for year in YEARS if year not in set(years)]
    if len(others) < len(years):
        return ("year_number", "not in", others)
    return ("year_number", "in", years)
