"""package.py: what goes into the package and what stays here."""

import ast
from pathlib import Path

import pytest

from runner.package import is_packed

ROOT = Path(__file__).parents[2]


def test_every_module_that_the_add_on_imports_is_packed():
    imported = set()
    for path in ROOT.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                imported |= {node.module.split(".")[0]} if node.module else {
                    alias.name for alias in node.names
                }  # fmt: skip
    assert {"models", "hooks"} <= imported
    for name in imported:
        path = f"{name}.py" if (ROOT / f"{name}.py").exists() else f"{name}/__init__.py"
        assert is_packed(path), path


def test_every_file_of_the_manifest_is_packed():
    manifest = ast.literal_eval((ROOT / "__manifest__.py").read_text())
    patterns = [name for names in manifest["assets"].values() for name in names]
    for name in [*manifest["data"], *patterns]:
        assert is_packed(name.removeprefix("mini_crm/")), name


@pytest.mark.parametrize(
    "path",
    [
        *("data/neutralize.sql", "i18n/fa.po", "tests/common.py", "LICENSE"),
        *("tests/score/test_score_parts.py", "static/description/icon.png"),
    ],
)
def test_what_an_odoo_needs_is_packed(path):
    assert is_packed(path)


@pytest.mark.parametrize(
    "path",
    [
        *("run", "runner/cli.py", "bench/seed.py", "tests_fast/pytest.ini"),
        *("tests/contract.py", "tests/outside/test_serve.py", ".ci/run"),
        *("tests/contract_channels.py", "tests/fakes/telegram.py"),
        *("ruff.toml", "engine/ruff.toml", "migrations/.gitkeep", "pyproject.toml"),
    ],
)
def test_what_only_this_checkout_needs_is_left_out(path):
    assert not is_packed(path)
