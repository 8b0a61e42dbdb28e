"""`./run restore`: a backup becomes a database, elsewhere until it is whole."""

import contextlib
import os
import shutil
import subprocess

from . import addon, archive, odoo
from .archive import Backup
from .backup import Progress, feed, require_readable_dump
from .databases import checked_name
from .ending import confirm
from .failure import RunnerError
from .process import announce, say, start, stop

_RESTORING = "_restoring"
# What Odoo, too, gives a copy: sessions, tokens and links of the original end there.
_NEW_IDENTITY = """
UPDATE ir_config_parameter SET value = gen_random_uuid()
WHERE key IN ('database.uuid', 'database.secret')
"""


def restore(installation, path, *, force=False, confirmed=False, neutralize=False):
    """Make a database out of a backup.

    :param Installation installation: where; its settings name the database
    :param Path path: the backup
    :param bool force: replace a database of that name
    :param bool confirmed: do not ask before that
    :param bool neutralize: make a copy that sends nothing
    :returns: exit code (int)
    """
    db = checked_name(installation.settings.db)
    with Backup(path) as found:
        _say_what(found)
        with (
            installation.up(),
            installation.home.mark_busy(f"restore-{db}"),
            installation.databases.alone(f"bring {db}", waiting=_say_waiting),
        ):
            installation.databases.settle(db)
            _require_free_name(installation, db, force)
            _require_versions(installation, found)
            _require_space(installation, found)
            say("[1/4] Checking the file")
            found.verify(Progress("members").tell)
            require_readable_dump(installation, found)
            exists = installation.databases.exists(db)
            if exists and not confirmed and not confirm(db):
                return 1
            _replace(installation, found, db, neutralize=neutralize)
    say(f"The database {db} is restored; the passwords are those of the backup.")
    if neutralize:
        say("  It is a copy that sends nothing: mail servers and jobs are off.")
    say(f"  ./run serve{'' if db == 'mini_crm' else f' --db {db}'}")
    return 0


def _say_waiting():
    say("Another command makes or updates the database; waiting for it.")


def _say_what(found):
    about = found.manifest
    say(
        f"{found.path}: {about['database']} of {about['created']}, "
        f"Mini CRM {about['addon_version']}, "
        f"{about['database_bytes'] / 1024**2:,.0f} MB, {about['files']:,} files"
    )


# -- refusing --------------------------------------------------------------------------


def _require_free_name(installation, db, force):
    if installation.home.busy(f"serve-{db}"):
        raise RunnerError(f"{db} is being served.", "First: ./run stop")
    if installation.databases.exists(db) and not force:
        raise RunnerError(
            f"There is a database {db} already.",
            "Restore under another name with --db NAME, or replace it with --force.",
        )


def _require_versions(installation, found):
    server = int(installation.databases.ask("SHOW server_version_num")[0][0])
    theirs = found.manifest["postgres_version"]
    if theirs // 10_000 > server // 10_000:
        raise RunnerError(
            f"The backup comes from PostgreSQL {theirs // 10_000}, "
            f"this one is {server // 10_000}.",
            "Restore it where PostgreSQL is at least as new.",
        )
    ours = addon.manifest(installation.checkout)["version"]
    theirs = found.manifest["addon_version"]
    if theirs and _numbers(theirs) > _numbers(ours):
        raise RunnerError(
            f"The backup comes from Mini CRM {theirs}, this checkout is {ours}.",
            "Update the checkout first; the database cannot be turned back.",
        )


def _numbers(version):
    """A version in the order of versions (list of int).

    >>> _numbers("19.0.1.10.0") > _numbers("19.0.1.9.0")
    True
    """
    return [int(part) for part in version.split(".")]


def _require_space(installation, found):
    needed = found.manifest["files_bytes"]
    if not installation.settings.db_host:
        needed += found.manifest["database_bytes"]
    free = shutil.disk_usage(installation.home.root).free
    if free < needed:
        raise RunnerError(
            f"{free / 1024**2:,.0f} MB free below {installation.home.root}, "
            f"{needed / 1024**2:,.0f} MB are needed.",
            "Free some space, or choose another disk with --home DIR.",
        )


# -- doing -----------------------------------------------------------------------------


def _replace(installation, found, db, *, neutralize):
    """Build the database beside the one it replaces, then change places."""
    home, databases = installation.home, installation.databases
    fresh = checked_name(f"{db}{_RESTORING}")
    _forget(installation, fresh)
    try:
        say("[2/4] Database")
        databases.ask(f'CREATE DATABASE "{fresh}" TEMPLATE template0')
        _fill(installation, found, fresh)
        say(f"[3/4] Files ({found.manifest['files']:,})")
        _write_files(found, archive.FILESTORE, databases.filestores / fresh)
        if neutralize:
            _neutralize(installation, fresh)
        else:
            # A copy that sends nothing has no use for the keys of what it would send.
            _write_files(found, archive.SECRETS, home.secrets(fresh))
        say("[4/4] Statistics for PostgreSQL's planner")
        databases.ask("ANALYZE", fresh)
        databases.replace(fresh, db)
        _take_secrets(home, fresh, db)
        # It named the first password of the database that was here before.
        home.admin_password(db).unlink(missing_ok=True)
    except BaseException:
        databases.settle(db)
        _forget(installation, fresh)
        raise


def _forget(installation, db):
    installation.databases.drop(db)
    shutil.rmtree(installation.home.secrets(db), ignore_errors=True)


def _fill(installation, found, db):
    """Have pg_restore read the dump."""
    log = installation.home.logs / "restore.log"
    options = ("--exit-on-error", "--no-owner", "--no-acl")
    command = installation.databases.program("pg_restore", db, *options)
    announce(command)
    progress, done = Progress("MB read"), 0

    def chunks():
        nonlocal done
        for chunk in found.read(archive.DUMP):
            yield chunk
            done += len(chunk)
            progress.tell(done // 1024**2)

    # Thousands of small commits need not reach the disk one by one: what is interrupted
    # here is thrown away.
    env = {**os.environ, "PGOPTIONS": "-c synchronous_commit=off"}
    with open(log, "wb") as output:
        process = start(command, env=env, source=subprocess.PIPE, output=output)
        try:
            feed(process, chunks())
            code = process.wait()
        finally:
            stop(process)
    if code:
        tail = log.read_text(errors="replace").splitlines()[-5:]
        raise RunnerError(
            "pg_restore failed:\n    " + "\n    ".join(tail), f"All: {log}"
        )


def _write_files(found, prefix, folder):
    """Write the members below a prefix into a folder of their own."""
    names = found.names(prefix)
    progress = Progress("files", len(names))
    if names:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number, name in enumerate(names, 1):
        path = folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with open(path, "wb") as target:
            target.writelines(found.read(f"{prefix}{name}"))
        path.chmod(0o600)
        progress.tell(number)


def _neutralize(installation, db):
    """Odoo's own switch for copies: every add-on turns off what it would send."""
    log = installation.home.logs / "restore.log"
    arguments = ["neutralize", "-d", db]
    announce(odoo.command(installation.home, *arguments))
    installation.run_odoo(db, arguments, what="Odoo's neutralize", log=log)
    installation.databases.ask(_NEW_IDENTITY, db)


def _take_secrets(home, source, db):
    """Give a database the keys that came with it, and none of the one before."""
    shutil.rmtree(home.secrets(db), ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        home.secrets(source).rename(home.secrets(db))
