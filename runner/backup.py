"""`./run backup`: one file with everything a shop cannot get back otherwise.

It works while the shop is served. The moment of the backup is the one at which it
begins: the database is dumped at that moment, and then the files that it names.
"""

import contextlib
import re
import shutil
import subprocess
import tempfile
import time
from datetime import datetime, timezone

from . import archive
from .archive import Archive, Backup, chunks_of, private_file
from .databases import checked_name
from .failure import RunnerError
from .process import announce, say, start, stop
from .snapshot import Snapshot

_EVERY_SECONDS = 5
# Without indexes, and pg_dump packs: half of that is more than a dump has ever taken.
_SIZES = """
SELECT (SELECT sum(pg_table_size(c.oid)) FROM pg_class c
    WHERE c.relkind IN ('r', 'm') AND c.relnamespace = 'public'::regnamespace),
    pg_database_size(current_database()),
    (SELECT coalesce(sum(size), 0) FROM (SELECT max(file_size) AS size
        FROM ir_attachment WHERE store_fname IS NOT NULL GROUP BY store_fname) f)
"""
_FILES = """
SELECT DISTINCT store_fname FROM ir_attachment WHERE store_fname IS NOT NULL ORDER BY 1
"""
_ABOUT = """
SELECT current_setting('server_version_num'),
    (SELECT latest_version FROM ir_module_module WHERE name = 'mini_crm'),
    (SELECT latest_version FROM ir_module_module WHERE name = 'base'),
    EXISTS (SELECT FROM ir_config_parameter WHERE key = 'database.is_neutralized')
"""


class Progress:
    """Says how far long work is, at most every few seconds.

    :param str what: the work
    :param total: number at its end, or None
    """

    def __init__(self, what, total=None):
        self._what = what
        self._of = f" of {total:,}" if total is not None else ""
        self._next = time.monotonic() + _EVERY_SECONDS

    def tell(self, done):
        """Note that so much is done (int)."""
        if time.monotonic() >= self._next:
            say(f"  {self._what}: {done:,}{self._of}")
            self._next = time.monotonic() + _EVERY_SECONDS


def backup(installation, target, *, keep=None):
    """Write a backup and prove that it can be read.

    :param Installation installation: where
    :param Path target: the file, or a folder in which it gets the name DB-DATE.zip
    :param keep: how many backups of this kind to keep in that folder (int), or None
    :returns: exit code (int)
    """
    db = checked_name(installation.settings.db)
    if keep is not None and keep < 1:
        raise RunnerError("--keep needs a number from 1.")
    now = datetime.now(timezone.utc)
    if target.is_dir():
        target = target / f"{db}-{now:%Y-%m-%d-%H%M%S}.zip"
    _refuse_foreign(target)
    with installation.up(), installation.home.mark_busy(f"backup-{db}"):
        if not installation.databases.exists(db):
            raise RunnerError(f"There is no database {db}.")
        with private_file(target) as fresh:
            missing = _write(installation, db, fresh, now)
            _verify(installation, fresh)
    size = target.stat().st_size / 1024**2
    say(f"Backup of {db}: {target} ({size:.1f} MB), read again and whole.")
    if missing:
        say(
            f"WARNING: {len(missing)} files that the database names were not in the "
            f"filestore before either, e.g. {missing[0]}; the manifest lists them."
        )
    if keep is not None:
        for old in outdated(target, db, keep):
            say(f"Deleting the old backup {old}")
            old.unlink()
    return 0


def _refuse_foreign(target):
    """Only a backup may be written over."""
    if target.exists():
        try:
            Backup(target).__exit__()
        except RunnerError as error:
            raise RunnerError(
                f"{target} is there already and is no backup.", "Choose another name."
            ) from error


# -- writing ---------------------------------------------------------------------------


def _write(installation, db, path, now):
    """Write everything to a file.

    :returns: names of files that the database names and nobody has (list of str)
    """
    databases = installation.databases
    with (
        Snapshot(databases, db) as snapshot,
        open(path, "wb") as handle,
    ):
        sizes = [int(size) for size in snapshot.rows(_SIZES)[0]]
        _require_space(path.parent, sizes[0] // 2 + sizes[2])
        out = Archive(handle, now.timetuple()[:6])
        say("[1/3] Database")
        out.add(archive.DUMP, _dump(databases, db, snapshot.name))
        names = [row[0] for row in snapshot.rows(_FILES)]
        say(f"[2/3] Files ({len(names):,})")
        files, missing = _add_files(out, databases.filestores / db, names)
        secrets = _add_secrets(out, installation.home.secrets(db))
        out.finish(
            {
                **describe(snapshot.rows(_ABOUT)[0]),
                "database": db,
                "created": f"{now:%Y-%m-%dT%H:%M:%SZ}",
                "database_bytes": sizes[1],
                "files": len(names) - len(missing),
                "files_bytes": files,
                "missing_files": missing,
                "secrets": secrets,
            }
        )
    return missing


def describe(row):
    """What a manifest says of the versions.

    :param list row: server_version_num, the add-on's and Odoo's version, "t" for a
        database that was neutralised
    :returns: dict
    """
    postgres, addon, base, neutralized = row
    return {
        "postgres_version": int(postgres),
        "addon_version": addon or None,
        "odoo_version": base,
        "neutralized": neutralized == "t",
    }


def _require_space(folder, needed):
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise RunnerError(
            f"{free / 1024**2:,.0f} MB free in {folder}, the backup may need "
            f"{needed / 1024**2:,.0f} MB.",
            "Free some space, or write to another disk.",
        )


def _dump(databases, db, snapshot):
    """What pg_dump writes, piece by piece (iterator of bytes)."""
    options = ("--format=custom", "--compress=gzip:3", "--no-owner", "--no-acl")
    command = databases.program("pg_dump", db, *options, f"--snapshot={snapshot}")
    announce(command)
    progress, done = Progress("MB written"), 0
    with tempfile.TemporaryFile() as errors:
        process = start(command, output=subprocess.PIPE, errors=errors)
        try:
            for chunk in chunks_of(process.stdout):
                yield chunk
                done += len(chunk)
                progress.tell(done // 1024**2)
            code = process.wait()
        finally:
            stop(process)
        if code:
            errors.seek(0)
            words = errors.read().decode("utf-8", "replace").strip()
            raise RunnerError(f"pg_dump failed (exit code {code}): {words}")


def _add_files(out, filestore, names):
    """Add the files that the database names.

    :returns: (bytes added, names that are missing)
    """
    progress, total, missing = Progress("files", len(names)), 0, []
    for number, name in enumerate(names, 1):
        try:
            with open(filestore / name, "rb") as source:
                member = f"{archive.FILESTORE}{name}"
                total += out.add(member, chunks_of(source), compress=True)
        except FileNotFoundError:
            missing.append(name)
        progress.tell(number)
    return total, missing


def _add_secrets(out, folder):
    """Add the keys of the database: how many there are (int)."""
    paths = sorted(path for path in folder.glob("*") if path.is_file())
    for path in paths:
        out.add(f"{archive.SECRETS}{path.name}", [path.read_bytes()])
    return len(paths)


# -- proving ---------------------------------------------------------------------------


def _verify(installation, path):
    say("[3/3] Reading it again")
    with Backup(path) as found:
        found.verify(Progress("members").tell)
        require_readable_dump(installation, found)


def require_readable_dump(installation, found):
    """Have pg_restore read what the dump of a backup contains.

    :param Backup found: the backup
    :raises RunnerError: when it cannot
    """
    command = [installation.postgres.programs / "pg_restore", "--list"]
    announce(command)
    with tempfile.TemporaryFile() as words:
        process = start(command, source=subprocess.PIPE, output=words)
        try:
            feed(process, found.read(archive.DUMP))
            code = process.wait()
        finally:
            stop(process)
        words.seek(0)
        text = words.read().decode("utf-8", "replace")
    if code or "TABLE DATA public res_partner " not in text:
        last = text.strip().splitlines()[-1:] or ["it lists no contacts"]
        raise RunnerError(f"The dump in {found.path} cannot be read: {last[0]}")


def feed(process, chunks):
    """Write to a program's standard input until all is said or it stops listening."""
    # A broken pipe is no error here: its exit code says whether it had heard enough.
    with contextlib.suppress(BrokenPipeError):
        for chunk in chunks:
            process.stdin.write(chunk)
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()


# -- keeping ---------------------------------------------------------------------------


def outdated(target, db, keep):
    """Backups that the newest ones make unnecessary.

    Of the same kind are files in the same folder whose names differ from the target's
    in digits only, and that are backups of the same database.

    :param Path target: the newest backup
    :param int keep: how many to keep
    :returns: list of Path
    """
    shape = re.compile(re.sub(r"\d+", r"\\d+", re.escape(target.name)))
    leftover = re.compile(rf"\.{shape.pattern}{re.escape(archive.UNFINISHED)}")
    found, broken = [], []
    for path in target.parent.iterdir():
        if leftover.fullmatch(path.name):
            broken.append(path)
        elif shape.fullmatch(path.name):
            found += _dated(path, db)
    return broken + [path for _date, path in sorted(found, reverse=True)[keep:]]


def _dated(path, db):
    """[(date of the backup, path)]; empty for what is no backup of the database."""
    try:
        with Backup(path) as found:
            if found.manifest["database"] == db:
                return [(found.manifest["created"], path)]
    except RunnerError:
        say(f"WARNING: {path} is no whole backup; it is left alone.")
    return []
