"""`./run package`: the add-on of the last commit as a zip and as a wheel.

Both hold the same files, and the same commit gives the same bytes. What only this
checkout needs (the runner, the lanes from outside, the settings of the linters) stays
out. Not by export-ignore in .gitattributes: then it would also be missing in every
other archive of the repository, which is how people get it without git.
"""

import io
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

from .failure import RunnerError
from .plan import FROM_OUTSIDE
from .process import run_logged, say

NAME = "mini_crm"
PACKED = (
    *("__init__.py", "__manifest__.py", "hooks.py", "takeout.py"),
    *("README.md", "CHANGELOG.md", "LICENSE"),
    *("controllers", "data", "docs", "engine", "i18n", "migrations", "models"),
    *("report", "security", "static", "tests", "views", "wizards"),
)
_LEFT_OUT = (*(f"tests/{lane}/" for lane in FROM_OUTSIDE),)
_LEFT_OUT += ("tests/fakes/", "tests/contract")
_LEFT_OUT_NAMES = ("ruff.toml", ".gitkeep")
# It tells whool how to pack, so it is there while packing; whool leaves it out, too.
_PROJECT = "pyproject.toml"
_PACK = "import sys, whool.buildapi as w; print(w.build_wheel(sys.argv[1]))"


def is_packed(path):
    """Whether a file of the repository belongs into the package.

    :param str path: relative to the repository
    :rtype: bool

    >>> is_packed("models/__init__.py"), is_packed("runner/cli.py")
    (True, False)
    """
    return (
        path.split("/")[0] in PACKED
        and not path.startswith(_LEFT_OUT)
        and path.split("/")[-1] not in _LEFT_OUT_NAMES
    )


def package(installation, folder):
    """Write both packages.

    :param Installation installation: where the tools are
    :param Path folder: made if missing
    :returns: exit code (int)
    """
    checkout = installation.checkout
    commit, seconds = _git(checkout, "log", "-1", "--format=%H %ct").decode().split()
    if _git(checkout, "status", "--porcelain", "--untracked-files=no"):
        say("WARNING: only what is committed is packed; this checkout has changes.")
    installation.provision.bring_up("dev")
    folder.mkdir(parents=True, exist_ok=True)
    home = installation.home
    with tempfile.TemporaryDirectory(prefix="package.", dir=home.temporary) as name:
        addon = Path(name) / NAME
        _unpack(_git(checkout, "archive", "--format=tar", commit), addon)
        wheel = _make_wheel(installation, addon, Path(name), seconds)
        archive = Path(name) / f"{NAME}-{_version(wheel)}.zip"
        _make_zip(addon, archive, int(seconds))
        for made in (archive, wheel):
            shutil.copyfile(made, folder / f".{made.name}")
            (folder / f".{made.name}").replace(folder / made.name)
            size = (folder / made.name).stat().st_size / 1024
            say(f"{folder / made.name} ({size:,.0f} KB)")
    say(f"Packed from commit {commit[:12]}.")
    return 0


def _git(checkout, *arguments):
    """What git writes (bytes)."""
    command = ["git", "-c", f"safe.directory={checkout}", "-C", str(checkout)]
    try:
        done = subprocess.run([*command, *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise RunnerError("Packing needs git.", "apt-get install git") from error
    if done.returncode:
        raise RunnerError(
            f"git refused: {done.stderr.decode('utf-8', 'replace').strip()}",
            "Packing needs a git checkout with a commit.",
        )
    return done.stdout


def _unpack(content, addon):
    """Write the files of a tar that belong into the package, and whool's settings."""
    with tarfile.open(fileobj=io.BytesIO(content)) as tree:
        for member in tree:
            if member.isfile() and (is_packed(member.name) or member.name == _PROJECT):
                path = addon / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(tree.extractfile(member).read())
                path.chmod(0o644)


def _make_wheel(installation, addon, folder, seconds):
    """Have whool pack the folder: the wheel (Path)."""
    out = folder / "wheel"
    out.mkdir()
    env = {
        **os.environ,
        "SOURCE_DATE_EPOCH": seconds,
        # Never what a repository around the home says about these files.
        "GIT_DIR": os.devnull,
    }
    env.pop("PYTHONPATH", None)
    command = [installation.home.dev_python, "-c", _PACK, out]
    log = installation.home.logs / "package.log"
    run_logged(command, log, env=env, cwd=addon, what="Packing the wheel")
    (wheel,) = out.glob("*.whl")
    return wheel


def _version(wheel):
    return wheel.name.split("-")[1]


def _make_zip(addon, path, seconds):
    """Write the zip: sorted, dated by the commit, without rights of this machine."""
    date = time.gmtime(seconds)[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for source in sorted(addon.rglob("*")):
            inside = source.relative_to(addon.parent).as_posix()
            if source.is_file() and inside != f"{NAME}/{_PROJECT}":
                info = zipfile.ZipInfo(inside, date)
                info.external_attr = 0o644 << 16
                info.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(info, source.read_bytes())
