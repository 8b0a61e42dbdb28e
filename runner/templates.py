"""Template databases: what many runs share is installed once and then cloned."""

import contextlib
import fcntl
import secrets
import shutil

from . import addon, odoo
from .failure import RunnerError
from .plan import LANGUAGES, SOURCES_MODULES, install_arguments, template_name
from .process import say

_BUILDING = "_building"
_LONGEST = "5min"  # of one statement of a test


def depends_template(installation):
    """Name of the template with all that the add-on depends on, built if missing."""
    return _template(installation, "depends", ())


def sources_template(installation):
    """Name of the template that also has what purchases are pulled from."""
    return _template(installation, "sources", SOURCES_MODULES)


def _template(installation, kind, more):
    modules = sorted({*addon.manifest(installation.checkout)["depends"], *more})
    version = odoo.version(installation.home)
    name = template_name(kind, version, modules, LANGUAGES)
    with installation.home.lock(name, waiting=lambda: say(f"Waiting for {name}.")):
        if not installation.databases.exists(name):
            say(f"Building the template database {name} (once)")
            _build(installation, name, modules)
            _trim(installation, name)
    return name


def _build(installation, name, modules):
    databases = installation.databases
    fresh = name + _BUILDING
    databases.drop(fresh)
    databases.create(fresh)
    log = installation.home.logs / "template.log"
    arguments = install_arguments(modules)
    installation.run_odoo(fresh, arguments, what="Installing Odoo's add-ons", log=log)
    databases.rename(fresh, name)


def _trim(installation, newest):
    """Drop templates of the same kind that no longer fit, but for the latest two."""
    kind = newest.rpartition("_")[0] + "_"
    names = [n for n in installation.databases.names(kind) if n != newest]
    for name in names[:-1]:
        with contextlib.suppress(RunnerError):
            installation.databases.drop(name)


@contextlib.contextmanager
def scratch_database(installation, template):
    """A clone of a template that lives as long as the block.

    Its name is locked meanwhile, so that clones whose command was killed are known and
    dropped by the next one. A statement that does not end fails with its text in the
    log, rather than holding up every test behind it.

    :returns: the name
    """
    sweep(installation)
    name = f"{installation.settings.db}_test_{secrets.token_hex(3)}"
    with open(installation.home.locks / name, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            databases = installation.databases
            databases.clone(template, name)
            databases.ask(
                f"ALTER DATABASE \"{name}\" SET statement_timeout = '{_LONGEST}'"
            )
            yield name
        finally:
            _drop(installation, name)
            (installation.home.locks / name).unlink(missing_ok=True)


def sweep(installation):
    """Drop the test databases of commands that are no longer alive."""
    for lock in installation.home.locks.glob("*_test_*"):
        with open(lock, "w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            _drop(installation, lock.name)
            lock.unlink(missing_ok=True)


def _drop(installation, name):
    installation.databases.drop(name)
    shutil.rmtree(installation.home.secrets(name), ignore_errors=True)
