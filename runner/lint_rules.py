"""Our own lint rules: sizes, names, and the holes through which tests fall silently.

Pure: a dict of path -> text in, a list of sentences out.
"""

import ast
import re

from .plan import FROM_OUTSIDE

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
_COUNTED = (".py", ".js", ".mjs", ".scss", ".xml", ".sh")
_NOT_COUNTED = re.compile(r"^(i18n|static/lib)/")
_FORBIDDEN = ("utils", "util", "helpers", "helper", "misc", "common", "manager")
_ALLOWED = ("tests/common.py",)
_TEST_FILE = re.compile(r"^tests/(?:([a-z0-9_]+)/)?(test_[a-z0-9_]+)\.py$")


def problems(files):
    """All complaints about a set of files.

    :param dict files: path relative to the add-on -> text
    :returns: list of "path: sentence"
    """
    rules = (file_sizes, function_sizes, forbidden_names, test_holes)
    return [problem for rule in rules for problem in rule(files)]


def file_sizes(files):
    """Files that are longer than MAX_FILE_LINES."""
    for path, text in sorted(files.items()):
        if path.endswith(_COUNTED) and not _NOT_COUNTED.match(path):
            lines = len(text.splitlines())
            if lines > MAX_FILE_LINES:
                yield f"{path}: {lines} lines, at most {MAX_FILE_LINES}"


def function_sizes(files):
    """Python functions longer than MAX_FUNCTION_LINES, docstring not counted."""
    for path, text in sorted(files.items()):
        if path.endswith(".py"):
            try:
                tree = ast.parse(text)
            except SyntaxError as error:
                yield f"{path}:{error.lineno}: {error.msg}"
                continue
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    lines = _length(node)
                    if lines > MAX_FUNCTION_LINES:
                        yield (
                            f"{path}:{node.lineno}: {node.name} has {lines} lines, "
                            f"at most {MAX_FUNCTION_LINES}"
                        )


def _length(node):
    lines = node.end_lineno - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def forbidden_names(files):
    """Files and folders whose name says nothing."""
    for path in sorted(files):
        if path in _ALLOWED or _NOT_COUNTED.match(path):
            continue
        for part in path.split("/"):
            if part.partition(".")[0] in _FORBIDDEN:
                yield f"{path}: {part} says nothing; name what it does"


def test_holes(files):
    """Tests that Odoo would never run, without a word.

    It runs only files that tests/__init__.py brings in, only one of two files with the
    same name, and no class of plain unittest.
    """
    seen = {}
    for path, text in sorted(files.items()):
        match = _TEST_FILE.match(path)
        if not match:
            continue
        room, name = match.groups()
        if name in seen:
            yield f"{path}: the name is taken by {seen[name]}; only one of them runs"
        seen[name] = path
        folder = f"tests/{room}" if room else "tests"
        if room not in FROM_OUTSIDE:
            yield from _unimported(files, path, folder, name, room)
            if re.search(r"^class \w+\((unittest\.)?TestCase\)", text, re.MULTILINE):
                yield f"{path}: a plain TestCase is never run; use odoo.tests"


def _unimported(files, path, folder, name, room):
    importing = files.get(f"{folder}/__init__.py", "")
    if not re.search(
        rf"^from \. import .*\b{name}\b|^\s+{name},", importing, re.MULTILINE
    ):
        yield f"{path}: {folder}/__init__.py does not import it, so it never runs"
    above = files.get("tests/__init__.py", "")
    if room and f"from .{room} import *" not in above:
        yield f"{path}: tests/__init__.py lacks `from .{room} import *`"
