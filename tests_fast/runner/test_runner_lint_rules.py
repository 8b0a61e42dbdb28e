"""lint_rules.py: what we do not want to see."""

import pytest

from runner.lint_rules import (
    file_sizes,
    forbidden_names,
    function_sizes,
)
from runner.lint_rules import (
    test_holes as holes,
)

TOP = "from .score import *\n"
ROOM = "from . import test_score_parts\n"
CASE = "class TestParts(MiniCrmCase):\n    pass\n"


def test_a_file_of_400_lines_passes_and_one_of_401_does_not():
    assert not list(file_sizes({"models/a.py": "x\n" * 400}))
    assert list(file_sizes({"models/a.py": "x\n" * 401}))


@pytest.mark.parametrize("path", ["i18n/a.xml", "static/lib/a.js", "data/a.csv"])
def test_generated_and_foreign_files_may_be_long(path):
    assert not list(file_sizes({path: "x\n" * 900}))


def test_a_docstring_does_not_count_as_length():
    body = "    x = 1\n" * 39
    text = f'def f():\n    """One.\n\n    Two.\n    """\n{body}'
    assert not list(function_sizes({"a.py": text}))
    assert list(function_sizes({"a.py": text + "    y = 2\n"}))


@pytest.mark.parametrize(
    "path", ["models/utils.py", "engine/helpers/a.py", "tests/score/common.py"]
)
def test_a_name_that_says_nothing_is_refused(path):
    assert list(forbidden_names({path: ""}))


def test_the_one_common_file_is_allowed():
    assert not list(forbidden_names({"tests/common.py": ""}))


def test_an_imported_test_is_fine():
    files = {
        "tests/__init__.py": TOP,
        "tests/score/__init__.py": ROOM,
        "tests/score/test_score_parts.py": CASE,
    }
    assert list(holes(files)) == []


def test_a_test_that_its_room_does_not_import_is_found():
    files = {
        "tests/__init__.py": TOP,
        "tests/score/__init__.py": "",
        "tests/score/test_score_parts.py": CASE,
    }
    assert "never runs" in next(holes(files))


def test_a_room_that_tests_do_not_import_is_found():
    files = {
        "tests/__init__.py": "",
        "tests/score/__init__.py": ROOM,
        "tests/score/test_score_parts.py": CASE,
    }
    assert "tests/__init__.py lacks" in next(holes(files))


def test_two_files_with_one_name_are_found():
    files = {
        "tests/__init__.py": TOP + "from .tag import *\n",
        "tests/score/__init__.py": ROOM,
        "tests/score/test_score_parts.py": CASE,
        "tests/tag/__init__.py": ROOM,
        "tests/tag/test_score_parts.py": CASE,
    }
    assert "only one of them runs" in next(holes(files))


def test_a_plain_test_case_is_found():
    files = {
        "tests/__init__.py": TOP,
        "tests/score/__init__.py": ROOM,
        "tests/score/test_score_parts.py": "class TestA(TestCase):\n    pass\n",
    }
    assert "plain TestCase" in next(holes(files))


def test_tests_from_outside_need_no_import():
    assert list(holes({"tests/outside/test_kills.py": "def test_a(): pass\n"})) == []
