"""Numbering plans: which numbers of a calling code are valid, and how they are written.

The rules are those of libphonenumber, out of the metadata that ``phonenumbers`` brings.
Its own functions look them up anew for each number; imports read millions of numbers,
so here a plan is put together once and kept. Both give the same (tested).
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    REGION_CODE_FOR_NON_GEO_ENTITY,
    PhoneMetadata,
)

_CODES = COUNTRY_CODE_TO_REGION_CODE
_GROUP = re.compile(r"\\([1-9])")
# Likeliest first: the first that matches decides.
_KINDS = (
    *("mobile", "fixed_line", "toll_free", "premium_rate", "shared_cost"),
    *("personal_number", "voip", "pager", "uan", "voicemail"),
)


class _Numbers(NamedTuple):
    """Numbers of one kind: their lengths (empty: any) and their pattern."""

    lengths: frozenset[int]
    pattern: re.Pattern

    def has(self, national: str) -> bool:
        known = not self.lengths or len(national) in self.lengths
        return known and self.pattern.fullmatch(national) is not None


class _Region(NamedTuple):
    """A region of a calling code; ``leading`` digits are its own, if it has any."""

    leading: re.Pattern | None
    general: _Numbers | None
    kinds: tuple[_Numbers, ...]

    def has(self, national: str) -> bool:
        if not self.general or not self.general.has(national):
            return False
        return any(numbers.has(national) for numbers in self.kinds)


class _Writing(NamedTuple):
    """How numbers with certain leading digits (none: all) are grouped."""

    leading: re.Pattern | None
    pattern: re.Pattern
    template: str  # of str.format, with the pattern's groups


class NumberingPlan(NamedTuple):
    """The numbers of one calling code."""

    code: int
    regions: tuple[_Region, ...]
    writings: tuple[_Writing, ...]

    def is_valid(self, national: str) -> bool:
        """Whether digits without the calling code are a number somewhere."""
        if len(self.regions) == 1:
            return self.regions[0].has(national)
        for region in self.regions:
            if region.leading is None:
                if region.has(national):
                    return True
            elif region.leading.match(national):
                return region.has(national)
        return False

    def written(self, national: str) -> str:
        """A number as people write it internationally: ``+98 912 123 4567``."""
        for writing in self.writings:
            if writing.leading and not writing.leading.match(national):
                continue
            if found := writing.pattern.fullmatch(national):
                national = writing.template.format(*found.groups(""))
                break
        return f"+{self.code} {national}"


def split(digits: str) -> tuple[NumberingPlan, str] | None:
    """The plan of a number that starts with ``+``, and its digits after the code."""
    for length in (1, 2, 3):
        code = digits[1 : 1 + length]
        if code.isdigit() and code[0] != "0" and int(code) in _CODES:
            return plan_of(int(code)), digits[1 + length :]
    return None


@cache
def plan_of(code: int) -> NumberingPlan:
    """The plan of a calling code that exists."""
    names = _CODES[code]
    main = _metadata(code, names[0])
    # most regions write their numbers abroad as at home
    formats = main.intl_number_format or main.number_format
    regions = tuple(_region(_metadata(code, name)) for name in names)
    return NumberingPlan(code, regions, tuple(map(_writing, formats)))


def _metadata(code, region):
    if region == REGION_CODE_FOR_NON_GEO_ENTITY:
        return PhoneMetadata.metadata_for_nongeo_region(code)
    return PhoneMetadata.metadata_for_region(region)


def _region(metadata) -> _Region:
    general = next(_numbers(metadata, "general_desc"), None)
    kinds = tuple(n for kind in _KINDS for n in _numbers(metadata, kind))
    return _Region(_compiled(metadata.leading_digits), general, kinds)


def _numbers(metadata, kind: str) -> Iterator[_Numbers]:
    description = getattr(metadata, kind)
    if description and description.national_number_pattern:
        pattern = re.compile(description.national_number_pattern)
        yield _Numbers(frozenset(description.possible_length), pattern)


def _writing(number_format) -> _Writing:
    leading = (number_format.leading_digits_pattern or (None,))[-1]
    # groups that are \1 in the metadata are {0} here
    template = _GROUP.sub(lambda g: f"{{{int(g[1]) - 1}}}", number_format.format)
    pattern = re.compile(number_format.pattern)
    return _Writing(_compiled(leading), pattern, template)


def _compiled(pattern: str | None) -> re.Pattern | None:
    return re.compile(pattern) if pattern else None
