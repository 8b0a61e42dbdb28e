"""`./run lint`: every tool on a copy of the tracked files, then our own rules.

A copy, because the OCA checks look away when the add-on is the git root, and because
the npm tools find their plugins only in a folder above the files.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import addon, lint_rules
from .failure import RunnerError
from .node import node_folder
from .process import announce, follow, say

_PRETTIER = (".js", ".mjs", ".xml", ".scss", ".md", ".yml", ".yaml", ".json")
# One file per room and model is our way; our README is Markdown; prettier writes the
# header "utf-8" without capitals; `_ = self.env._` is fine; tables of settings are
# small; the order of attributes is a matter of reading.
_PYLINT_OFF = (
    "consider-merging-classes-inherited,missing-readme,"
    "prefer-env-translation,no-search-all"
)
_OCA_OFF = "prefer-readme-rst,xml-header-wrong,xml-tag-position"


@dataclass(frozen=True)
class Tool:
    """One program. `repair` replaces `check` under --fix; `whole` means that it gets
    the add-on's folder and what it says of other files is left out."""

    name: str
    program: tuple
    suffixes: tuple = ()
    check: tuple = ()
    repair: tuple = ()
    whole: bool = False


def lint(installation, paths=(), *, staged=False, fix=False):
    """Check the tracked files, or only some of them.

    :param Installation installation: where the tools are
    :param paths: files or folders to look at; none means all
    :param bool staged: check what is staged for a commit, as it is staged
    :param bool fix: let the tools repair what they can, in the checkout
    :returns: exit code (int)
    """
    installation.provision.bring_up("lint")
    home = installation.home
    with _copied(installation, staged) as (copy, tracked):
        wanted = _chosen(installation.checkout, tracked, paths)
        tools = _tools(home.dev_venv / "bin", home.lint_tools / "node_modules", home)
        failed = [
            tool.name
            for tool in tools
            if not _passes(tool, home, copy, wanted, fix=fix)
        ]
        failed += _own_rules(copy, wanted)
        if fix:
            _bring_back(copy, installation.checkout, wanted)
    say(f"lint: {', '.join(failed)} failed" if failed else "lint: all clean")
    return 1 if failed else 0


def _tools(python, npm, home):
    node = node_folder(home) / "node"
    prettier = (node, npm / "prettier/bin/prettier.cjs", "--log-level=warn")
    xml = f"--plugin={npm}/@prettier/plugin-xml/src/plugin.js"
    pylint = (python / "pylint", "--rcfile=.pylintrc", f"--disable={_PYLINT_OFF}")
    oca = (python / "oca-checks-odoo-module", f"--disable={_OCA_OFF}")
    ruff = (python / "ruff", "check", "--no-cache", "--output-format=concise")
    shape = (python / "ruff", "format", "--no-cache")
    eslint = (node, npm / "eslint/bin/eslint.js", "--no-warn-ignored")
    stylelint = (node, npm / "stylelint/bin/stylelint.mjs")
    fix = ("--fix",)
    return (
        Tool("ruff", ruff, (".py",), repair=fix),
        Tool("ruff format", shape, (".py",), check=("--check",)),
        Tool("pylint-odoo", pylint, whole=True),
        Tool("oca-checks", oca, whole=True),
        Tool("codespell", (python / "codespell",), ("",)),
        Tool("prettier", (*prettier, xml), _PRETTIER, ("--check",), ("--write",)),
        Tool("eslint", eslint, (".js", ".mjs"), repair=fix),
        Tool("stylelint", stylelint, (".scss",), repair=fix),
    )


def _passes(tool, home, copy, wanted, *, fix):
    """Run one tool and print what it says about the wanted files.

    :returns: whether it is content (bool)
    """
    files = [copy] if tool.whole else [p for p in wanted if p.endswith(tool.suffixes)]
    if not files:
        return True
    say(f"-- {tool.name}")
    options = tool.repair if fix else tool.check
    announce([*tool.program, *options, f"({len(files)} files)"])
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    env.pop("PYTHONPATH", None)
    heard, everything = [], []

    def hear(line):
        line = line.replace(f"{copy}/", "").replace(f"{copy}/"[1:], "")
        everything.append(line)
        if not tool.whole or line.split(":")[0] in known:
            heard.append(line)
            say(line)

    known = set(wanted)
    command = [*tool.program, *options, *files]
    code = follow(command, on_line=hear, env=env, cwd=copy)
    if tool.whole and code and not heard and _is_complete(copy, wanted):
        say("\n".join([*everything[-15:], f"exit code {code}"]))
        return False
    return not heard if tool.whole else code == 0


def _is_complete(copy, wanted):
    return len(wanted) == len(addon.files(copy))


def _own_rules(copy, wanted):
    say("-- our own rules")
    texts = {}
    for path in addon.files(copy):
        with contextlib.suppress(UnicodeDecodeError):
            texts[path] = (copy / path).read_text(encoding="utf-8")
    known = set(wanted)
    found = [p for p in lint_rules.problems(texts) if p.split(":")[0] in known]
    for problem in found:
        say(problem)
    return ["our own rules"] if found else []


# -- which files ---------------------------------------------------------------------


@contextlib.contextmanager
def _copied(installation, staged):
    """The files to check, in a folder that is called like the add-on.

    :returns: (folder of the copy, relative paths to complain about)
    """
    with tempfile.TemporaryDirectory(dir=installation.home.lint_tools) as name:
        copy = Path(name) / "mini_crm"
        copy.mkdir()
        fill = _fill_staged if staged else _fill_tracked
        yield copy, fill(installation.checkout, copy)


def _fill_staged(checkout, copy):
    names = ("diff", "--cached", "-z", "--name-only", "--diff-filter=d")
    wanted = _git(checkout, *names)
    filled = _git(checkout, "checkout-index", "--all", f"--prefix={copy}/")
    if wanted is None or filled is None:
        raise RunnerError("--staged needs git and a git checkout.")
    return wanted


def _fill_tracked(checkout, copy):
    tracked = _git(checkout, "ls-files", "-z") or addon.files(checkout)
    wanted = [path for path in tracked if (checkout / path).is_file()]
    for path in wanted:
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(checkout / path, copy / path)
    return wanted


def _git(checkout, *arguments):
    """What git says, split at NUL bytes; None without git or outside a checkout."""
    if not shutil.which("git"):
        return None
    command = ["git", "-c", f"safe.directory={checkout}", "-C", checkout, *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        return None
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def _chosen(checkout, tracked, paths):
    roots = [os.path.relpath(os.path.abspath(path), checkout) for path in paths]
    if not roots or "." in roots:
        return tracked
    return [p for p in tracked if any(p == r or p.startswith(r + "/") for r in roots)]


def _bring_back(copy, checkout, wanted):
    for path in wanted:
        content = (copy / path).read_bytes()
        if content != (checkout / path).read_bytes():
            say(f"repaired {path}")
            (checkout / path).write_bytes(content)
