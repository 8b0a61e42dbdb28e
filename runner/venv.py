"""The private Python environments: `venv` for the product, `venv-dev` on top of it.

A bare Debian has the venv module but neither pip nor ensurepip. Then pip's wheel comes
out of the Debian package that ensurepip itself would use.
"""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from .debian import machine_python, unpack
from .failure import RunnerError
from .process import run_logged

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
REQUIREMENTS_DEV = Path(__file__).with_name("requirements-dev.txt")
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
RECIPE = 2  # counted up when this file builds something else from the same lists
_WHEELS_FOLDER = "usr/share/python-wheels"


def site_packages(venv):
    """Folder of a virtual environment's packages (Path)."""
    return venv / "lib" / f"python{machine_python()}" / "site-packages"


def python_identity():
    """What must stay the same for a finished environment to stay valid (str)."""
    return f"{os.path.realpath(sys.executable)} {sys.version}"


def build_product(home, debian, log):
    """Make `venv` anew with the product's packages.

    :param Home home: where
    :param Debian debian: source of pip where the machine has none
    :param Path log: file for the output
    """
    _create(home.venv, log)
    pip = pip_wheel(home, debian)
    _install(home.venv, REQUIREMENTS, pip, log, _certificates(pip, debian))


def build_dev(home, debian, log):
    """Make `venv-dev` anew: the product's packages by a link, tests and lint inside."""
    _create(home.dev_venv, log)
    link = site_packages(home.dev_venv) / "product.pth"
    # addsitedir, because the path of Odoo is itself a .pth file in there.
    folder = str(site_packages(home.venv))
    link.write_text(f"import site; site.addsitedir({folder!r})\n", encoding="utf-8")
    pip = pip_wheel(home, debian)
    _install(home.dev_venv, REQUIREMENTS_DEV, pip, log, _certificates(pip, debian))


def _create(folder, log):
    if importlib.util.find_spec("venv") is None:
        raise RunnerError(
            "This Python has no venv module.",
            "Install Debian's own python3 (or python3-venv) and start again.",
        )
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "venv", "--without-pip", folder]
    run_logged(command, log, what="Making the Python environment")


def pip_wheel(home, debian):
    """Pip's wheel, which Python can run as it is by PYTHONPATH (Path)."""
    folder = home.root / "pip"
    wheels = sorted(folder.glob("pip-*.whl"))
    if not wheels:
        bundled = _bundled_wheel()
        with home.fresh_folder(folder) as fresh:
            if bundled:
                shutil.copy(bundled, fresh)
            else:
                debian.fetch(["python3-pip-whl/stable"], fresh)
                unpack(list(fresh.glob("*.deb")), fresh)
                for wheel in (fresh / _WHEELS_FOLDER).glob("pip-*.whl"):
                    shutil.copy(wheel, fresh)
        wheels = sorted(folder.glob("pip-*.whl"))
    return wheels[-1]


def _bundled_wheel():
    """Pip's wheel as this Python's own ensurepip has it, or None."""
    found = importlib.util.find_spec("ensurepip")
    if found is None or not found.origin:
        return None
    bundled = sorted((Path(found.origin).parent / "_bundled").glob("pip-*.whl"))
    system = sorted((Path("/") / _WHEELS_FOLDER).glob("pip-*.whl"))
    return (bundled or system or [None])[-1]


def _certificates(pip, debian):
    """The bundle of certificates that Debian's pip needs, made if there is none.

    :returns: dict of environment variables
    """
    bundle = pip.with_name("certificates.pem")
    if SYSTEM_CERTIFICATES.exists() or os.environ.get("PIP_CERT"):
        return {}
    if not bundle.exists():
        folder = pip.parent
        debian.fetch(["ca-certificates/stable"], folder)
        unpack(list(folder.glob("ca-certificates_*.deb")), folder)
        found = sorted(folder.glob("usr/share/ca-certificates/**/*.crt"))
        text = "".join(path.read_text(encoding="utf-8") for path in found)
        bundle.write_text(text, encoding="utf-8")
    return {"PIP_CERT": str(bundle)}


def _install(folder, requirements, pip, log, certificates):
    env = {
        **os.environ,
        **certificates,
        "PYTHONPATH": str(pip),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV"):
        env.pop(name, None)
    command = [folder / "bin" / "python", "-m", "pip", "install"]
    command += ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command += ["--no-compile", "--progress-bar", "off", "--requirement", requirements]
    try:
        run_logged(command, log, env=env, what="Installing Python packages")
    except RunnerError as error:
        error.hint = "Is the network (or the package index pip uses) up? " + error.hint
        raise
