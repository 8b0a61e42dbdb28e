"""The simulator's page has both languages for all that it shows."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "tests/fakes/page.html").read_text()
ENGLISH, PERSIAN = (
    re.search(rf"\n {{16}}{language}: \{{\n(.*?)\n {{16}}\}},", PAGE, re.DOTALL).group(
        1
    )
    for language in ("en", "fa")
)


def keys(words):
    return set(re.findall(r"(\w+): [\"{]", words))


def test_both_languages_have_the_same_words():
    assert keys(ENGLISH) == keys(PERSIAN)


def test_kinds_that_customers_and_shop_write_have_names():
    written = {"photo", "document", "contact", "image", "story_mention", "postback"}
    assert written <= keys(ENGLISH)


def test_times_have_latin_digits_in_persian():
    assert "-u-nu-latn" in PAGE
    assert not re.search("[\u06f0-\u06f9]", PAGE)
