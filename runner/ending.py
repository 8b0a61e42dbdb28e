"""`./run stop` and `./run reset`: ending what runs, and forgetting a database."""

import os
import shutil
import signal
import sys
import time

from .databases import checked_name
from .failure import RunnerError
from .process import say

_STOP_SECONDS = 40


def stop(installation):
    """Stop what serves from this home, then its PostgreSQL unless others use it.

    :returns: exit code (int)
    """
    home = installation.home
    if not home.locks.is_dir():
        say(f"Nothing was ever started in {home.root}.")
        return 0
    for name, pid in home.busy("serve-*").items():
        say(f"Stopping {name} (process {pid})")
        _end(home, name, pid)
    return _stop_postgres(installation)


def _end(home, name, pid):
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while name in home.busy(name):
        if time.monotonic() > deadline:
            raise RunnerError(f"{name} (process {pid}) did not stop.")
        time.sleep(0.2)


def _stop_postgres(installation):
    postgres = installation.postgres
    if installation.settings.db_host or not postgres.data.is_dir():
        return 0
    postgres.keep_file.unlink(missing_ok=True)
    if postgres.is_used():
        say("Another command uses PostgreSQL; it stops with the last one.")
    elif postgres.pid():
        say("Stopping PostgreSQL")
        postgres.stop()
    return 0


def reset(installation, *, confirmed):
    """Drop the database and its files, after its name was typed.

    :param bool confirmed: --yes
    :returns: exit code (int)
    """
    db = checked_name(installation.settings.db)
    with installation.up():
        if not installation.databases.exists(db):
            say(f"There is no database {db}.")
            return 0
        if f"serve-{db}" in installation.home.busy(f"serve-{db}"):
            raise RunnerError(f"{db} is being served.", "First: ./run stop")
        if not confirmed and not confirm(db):
            return 1
        installation.databases.drop(db)
        installation.home.admin_password(db).unlink(missing_ok=True)
        shutil.rmtree(installation.home.secrets(db), ignore_errors=True)
    say(f"The database {db} and its files are gone.")
    return 0


def confirm(db):
    """Have a person type the name of a database that is about to be lost.

    :returns: whether the name was typed (bool)
    :raises RunnerError: when nobody sits there
    """
    say(f"This deletes the database {db} with all customers, and its files, for good.")
    if not sys.stdin.isatty():
        raise RunnerError("Nobody can type the name here.", "Give --yes.")
    if input("Type the database's name to go on: ").strip() == db:
        return True
    say("Nothing was done.")
    return False
