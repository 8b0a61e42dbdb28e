"""The arrows between rooms go one way: read off imports, inherits and comodels."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# A room may name the rooms listed for it, and itself; nothing else.
_BELOW = ("customer", "field", "timeline", "purchase", "score")
MAY_USE = {
    "customer": (),
    "field": ("customer",),
    "timeline": ("customer", "field"),
    "purchase": ("customer", "field", "timeline"),
    "score": ("customer", "field", "timeline", "purchase"),
    "consent": ("customer", "field", "timeline"),
    "channel": ("customer", "field", "timeline", "consent"),
    "thread": ("customer", "field", "timeline", "consent", "channel"),
    "condition": _BELOW,
    "segment": (*_BELOW, "condition"),
    "tag": (*_BELOW, "condition", "segment"),
    "journey": (*_BELOW, "condition"),
    "workflow": (
        *_BELOW,
        "consent",
        "channel",
        "thread",
        "condition",
        "segment",
        "tag",
        "batch",
    ),
    "batch": (*_BELOW, "consent", "channel", "condition", "segment", "tag"),
    "export": (*_BELOW, "batch", "condition", "segment", "tag"),
    "duplicate": (*_BELOW, "channel", "batch"),
    "api": (*_BELOW, "batch"),
    "merge": (
        *_BELOW,
        "consent",
        "channel",
        "thread",
        "condition",
        "segment",
        "tag",
        "workflow",
        "batch",
        "duplicate",
        "api",
    ),
    "platform": (*_BELOW, "batch", "condition", "segment", "tag", "channel"),
}


def room_files():
    """(room, file) of every Python file in models/."""
    return [(path.parent.name, path) for path in sorted(ROOT.glob("models/*/*.py"))]


def strings_assigned(tree, names):
    """String constants assigned to one of ``names`` in classes: ``_name = "x"``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id in names
            for target in node.targets
        ):
            yield from (
                child.value
                for child in ast.walk(node.value)
                if isinstance(child, ast.Constant) and isinstance(child.value, str)
            )


@cache
def owners():
    """{model name: room that defines it}; read once for all tests."""
    return {
        name: room
        for room, path in room_files()
        for name in strings_assigned(ast.parse(path.read_text()), {"_name"})
    }


def rooms_named(path):
    """Rooms that a file names: by import, inherit, comodel or ``env[...]``."""
    tree = ast.parse(path.read_text())
    models = owners()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level >= 2 and node.module:
            first = node.module.split(".")[0]
            if first in MAY_USE:
                yield first, f"import of {node.module}"
        if isinstance(node, ast.Constant) and node.value in models:
            yield models[node.value], f"name of {node.value}"


def test_every_room_says_what_it_may_use():
    assert {room for room, _path in room_files()} == set(MAY_USE)


@pytest.mark.parametrize(
    ("room", "path"),
    room_files(),
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_no_arrow_goes_up(room, path):
    wrong = [
        f"{path.relative_to(ROOT)}: {how} (room {other})"
        for other, how in rooms_named(path)
        if other != room and other not in MAY_USE[room]
    ]
    assert not wrong


def test_every_room_explains_itself():
    for room in MAY_USE:
        tree = ast.parse((ROOT / "models" / room / "__init__.py").read_text())
        text = ast.get_docstring(tree) or ""
        assert text.lower().startswith(f"{room} room:")
        assert "Must not know" in text


def test_engine_is_pure():
    for path in ROOT.glob("engine/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            assert not [n for n in names if n.split(".")[0] == "odoo"], path
