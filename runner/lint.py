"""`./run lint`: every tool on a copy of the tracked files, then our own rules.

A copy, because the OCA checks look away when the add-on is the git root, and because
the npm tools find their plugins only in a folder above the files.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import addon, lint_rules
from .failure import RunnerError
from .node import node_folder
from .process import announce, follow, say

_PRETTIER = (".js", ".mjs", ".xml", ".scss", ".md", ".yml", ".yaml", ".json")


def lint(installation, paths=(), *, staged=False, fix=False):
    """Check the tracked files, or only some of them.

    :param Installation installation: where the tools are
    :param paths: files or folders to look at; none means all
    :param bool staged: check what is staged for a commit, as it is staged
    :param bool fix: let the tools repair what they can, in the checkout
    :returns: exit code (int)
    """
    installation.provision.bring_up("lint")
    with _copied(installation, staged) as (copy, tracked):
        wanted = _chosen(installation.checkout, tracked, paths)
        failed = [
            name
            for name, command in _tools(installation.home, copy, wanted, fix)
            if not _passes(name, command, copy, installation.home)
        ]
        failed += _own_rules(copy, wanted)
        if fix:
            _bring_back(copy, installation.checkout, wanted)
    say(f"lint: {', '.join(failed)} failed" if failed else "lint: all clean")
    return 1 if failed else 0


def _chosen(checkout, tracked, paths):
    roots = [os.path.relpath(os.path.abspath(path), checkout) for path in paths]
    if not roots or "." in roots:
        return tracked
    return [p for p in tracked if any(p == r or p.startswith(r + "/") for r in roots)]


def _bring_back(copy, checkout, wanted):
    for path in wanted:
        text = (copy / path).read_bytes()
        if text != (checkout / path).read_bytes():
            say(f"repaired {path}")
            (checkout / path).write_bytes(text)


def _git(checkout, *arguments):
    command = ["git", "-c", f"safe.directory={checkout}", "-C", checkout, *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        return None
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


@contextlib.contextmanager
def _copied(installation, staged):
    """The files to check, in a folder that is called like the add-on.

    :returns: (folder of the copy, relative paths to complain about)
    """
    checkout = installation.checkout
    with tempfile.TemporaryDirectory(dir=installation.home.lint_tools) as name:
        copy = Path(name) / "mini_crm"
        copy.mkdir()
        if staged:
            wanted = _git(checkout, "diff", "--cached", "-z", "--name-only", "--diff-filter=d")
            if wanted is None or _git(
                checkout, "checkout-index", "--all", f"--prefix={copy}/"
            ) is None:
                raise RunnerError("--staged needs git and a git checkout.")
        else:
            wanted = _git(checkout, "ls-files", "-z") if shutil.which("git") else None
            wanted = [p for p in wanted or addon.files(checkout) if (checkout / p).is_file()]
            for path in wanted:
                (copy / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(checkout / path, copy / path)
        yield copy, wanted


def _tools(home, copy, wanted, fix):
    """Every tool with its command; one that has no file to check is left out."""
    programs = home.dev_venv / "bin"
    modules = home.lint_tools / "node_modules"
    node = node_folder(home) / "node"
    repair = ["--fix"] if fix else []
    ruff = [programs / "ruff", "check", "--no-cache", *repair]
    shape = [programs / "ruff", "format", "--no-cache", *([] if fix else ["--check"])]
    prettier = [node, modules / "prettier/bin/prettier.cjs"]
    prettier += ["--log-level=warn", "--write" if fix else "--check"]
    prettier += [f"--plugin={modules}/@prettier/plugin-xml/src/plugin.js"]
    oca = [programs / "oca-checks-odoo-module", "--disable=xml-header-wrong"]
    eslint = [node, modules / "eslint/bin/eslint.js", *repair]
    stylelint = [node, modules / "stylelint/bin/stylelint.mjs", *repair]
    python = _ending(wanted, ".py")
    table = (
        ("ruff", ruff, python),
        ("ruff format", shape, python),
        ("pylint-odoo", [programs / "pylint", "--rcfile=.pylintrc"], python and [copy]),
        ("oca-checks", oca, wanted and [copy]),
        ("codespell", [programs / "codespell"], wanted),
        ("prettier", prettier, _ending(wanted, *_PRETTIER)),
        ("eslint", eslint, _ending(wanted, ".js", ".mjs")),
        ("stylelint", stylelint, _ending(wanted, ".scss")),
    )
    return [(name, [*start, *files]) for name, start, files in table if files]


def _ending(paths, *suffixes):
    return [path for path in paths if path.endswith(suffixes)]


def _passes(name, command, copy, home):
    say(f"-- {name}")
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    env["PATH"] = f"{home.dev_venv / 'bin'}:{env.get('PATH', '')}"
    env.pop("PYTHONPATH", None)
    announce([command[0], *command[1:4], "..."])
    return follow(command, on_line=say, env=env, cwd=copy) == 0


def _own_rules(copy, wanted):
    say("-- our own rules")
    texts = {}
    for path in addon.files(copy):
        with contextlib.suppress(UnicodeDecodeError):
            texts[path] = (copy / path).read_text(encoding="utf-8")
    found = [p for p in lint_rules.problems(texts) if p.split(":")[0] in set(wanted)]
    for problem in found:
        say(problem)
    return ["our own rules"] if found else []
