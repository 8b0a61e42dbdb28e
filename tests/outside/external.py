"""A PostgreSQL of somebody else's: on TCP, with a password, not the runner's own."""

import os
import secrets
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from contract_processes import as_owner, free_port, postgres_programs

ROLE = "shopkeeper"


@contextmanager
def external_postgres(home):
    """A server on loopback that lives as long as the block.

    The role may make databases and has a password; PGPASSWORD holds it meanwhile, as
    a person would give it to the runner.

    :param Path home: the runner's home, for PostgreSQL's programs
    :return: options of the runner that lead to it
    """
    programs, port = postgres_programs(home), free_port()
    # Passable for PostgreSQL's system user, which pytest's own folders are not.
    folder = Path(tempfile.mkdtemp(prefix="external-", dir=home / "tmp"))
    try:
        owner = (home / "postgres").stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        password = secrets.token_urlsafe(12)
        _make(folder, programs)
        server = _start(folder, programs, port)
        try:
            _wait(programs, port, server)
            _ask(
                programs,
                port,
                f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'",
            )
            os.environ["PGPASSWORD"] = password
            yield ["--db-host", "127.0.0.1", "--db-port", port, "--db-user", ROLE]
        finally:
            os.environ.pop("PGPASSWORD", None)
            server.terminate()
            server.wait(60)
    finally:
        shutil.rmtree(folder)


def _make(folder, programs):
    command = [programs / "initdb", "-D", folder / "data", "-U", "postgres"]
    command += ["--auth-local=reject", "--auth-host=scram-sha-256", "--no-sync"]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", f"--pwfile={folder}/first"]
    first = folder / "first"
    first.write_text("first\n")
    shutil.chown(first, folder.stat().st_uid, folder.stat().st_gid)
    subprocess.run(as_owner(folder, command), cwd="/", check=True, capture_output=True)


def _start(folder, programs, port):
    command = [programs / "postgres", "-D", folder / "data", "-p", port]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    command += ["-c", "max_connections=200"]
    with open(folder / "log", "ab") as log:
        return subprocess.Popen(
            as_owner(folder, command), cwd="/", stdout=log, stderr=log
        )


def _wait(programs, port, server):
    command = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _try in range(300):
        assert server.poll() is None, "The external PostgreSQL ended."
        if subprocess.run([*command, "-t", "3"], check=False).returncode == 0:
            return
    raise AssertionError("The external PostgreSQL did not start.")


def _ask(programs, port, sql):
    command = [programs / "psql", "-Xqw", "-h", "127.0.0.1", "-p", str(port)]
    command += ["-U", "postgres", "-d", "postgres", "-v", "ON_ERROR_STOP=1"]
    env = {**os.environ, "PGPASSWORD": "first"}
    subprocess.run(command, input=sql, encoding="utf-8", env=env, check=True)
