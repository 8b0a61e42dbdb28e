"""Databases and their filestores: make, clone, rename, drop, list."""

import contextlib
import os
import re
import shutil
import subprocess
import time

from . import plan
from .failure import RunnerError
from .process import start, stop

DROP_ATTEMPTS, DROP_PAUSE = 40, 0.5  # seconds between two
_REPLACED = "_replaced"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}")


def checked_name(name):
    """A database name that is safe in SQL, in paths and in Odoo's db_name.

    :raises RunnerError: otherwise
    """
    if not _NAME.fullmatch(name):
        raise RunnerError(
            f"{name!r} is not a usable database name.",
            "Use letters, digits, dot, dash and underscore, at most 63.",
        )
    return name


class Databases:
    """The databases of one server, with the filestores of one home.

    :param postgres: Postgres or ExternalPostgres that is up
    :param Path data: Odoo's data folder
    """

    def __init__(self, postgres, data):
        self.postgres = postgres
        self.filestores = data / "filestore"

    def ask(self, sql, database="postgres"):
        """Run SQL and return its rows.

        :param str sql: passed by standard input, so it never stands in a process list
        :param str database: where
        :returns: list of lists of str
        """
        done = subprocess.run(
            self.psql(database),
            input=sql,
            capture_output=True,
            encoding="utf-8",
            check=False,
            env=self.quiet_environment(),
        )
        if done.returncode:
            raise RunnerError(f"PostgreSQL refused: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def program(self, name, database, *options):
        """Command line of one of PostgreSQL's programs on a database (list of str)."""
        server = self.postgres
        command = [server.programs / name, "--host", server.host]
        command += ["--port", server.port, "--username", server.user, "--no-password"]
        return [str(part) for part in (*command, "--dbname", database, *options)]

    def psql(self, database):
        """Command line that runs SQL from standard input, rows split by tabs (list)."""
        options = ("-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1")
        return self.program("psql", database, *options)

    def quiet_environment(self):
        """Environment in which psql tells errors and warnings only (dict)."""
        return {**os.environ, "PGOPTIONS": "-c client_min_messages=warning"}

    @contextlib.contextmanager
    def alone(self, work, *, waiting):
        """Keep the same work of others on this server out for a block.

        PostgreSQL holds the lock, so that it counts for all homes, and frees it when
        the session ends, however it ends.

        :param str work: what is done; without quotes
        :param waiting: called once, without arguments, if somebody else does it
        """
        key = f"hashtextextended('mini_crm {work}', 0)"
        session = start(
            self.psql("postgres"),
            source=subprocess.PIPE,
            output=subprocess.PIPE,
            env=self.quiet_environment(),
        )

        def ask(sql):
            session.stdin.write(f"{sql};\n".encode())
            session.stdin.flush()
            answer = session.stdout.readline().decode().strip()
            if answer not in ("t", "f", "locked"):
                raise RunnerError(f"PostgreSQL refused: {answer or 'it is gone'}")
            return answer

        try:
            if ask(f"SELECT pg_try_advisory_lock({key})") == "f":
                waiting()
                ask(f"SELECT 'locked' FROM pg_advisory_lock({key})")
            yield
        finally:
            session.stdin.close()
            session.stdout.close()
            stop(session)

    def require_usable(self, name):
        """Refuse a server of somebody else's that cannot do what is needed.

        :param str name: the database that is wanted
        :raises RunnerError: with what to do
        """
        try:
            version, may_create, has_trgm = self.ask(
                "SELECT current_setting('server_version_num'), rolcreatedb OR rolsuper,"
                " EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm')"
                " FROM pg_roles WHERE rolname = current_user"
            )[0]
        except RunnerError as error:
            raise RunnerError(
                error.message,
                "Look at --db-host, --db-port and --db-user; the password comes from "
                "PGPASSWORD or ~/.pgpass.",
            ) from error
        facts = {
            "user": self.postgres.user,
            "version": int(version),
            "may_create": may_create == "t",
            "has_trgm": has_trgm == "t",
        }
        problem = plan.external_problem(facts, self.exists(name))
        if problem:
            raise RunnerError(*problem)

    def exists(self, name):
        """Whether a database exists (bool)."""
        sql = f"SELECT 1 FROM pg_database WHERE datname = '{checked_name(name)}'"
        return bool(self.ask(sql))

    def names(self, prefix):
        """Names of the databases that begin with a prefix, oldest first (list)."""
        rows = self.ask("SELECT datname FROM pg_database ORDER BY oid")
        return [row[0] for row in rows if row[0].startswith(prefix)]

    def create(self, name):
        """Make an empty database that Odoo can fill: C order, Unicode letters."""
        self.ask(f'CREATE DATABASE "{checked_name(name)}" TEMPLATE template0')
        self.ask("CREATE EXTENSION IF NOT EXISTS pg_trgm", name)

    def clone(self, source, name):
        """Copy a database nobody is connected to, and its filestore."""
        version = int(self.ask("SHOW server_version_num")[0][0])
        how = " STRATEGY file_copy" if version >= 150000 else ""  # the only way before
        self.ask(
            f'CREATE DATABASE "{checked_name(name)}" '
            f'TEMPLATE "{checked_name(source)}"{how}'
        )
        self._remove_files(name)
        if (self.filestores / source).is_dir():
            shutil.copytree(
                self.filestores / source, self.filestores / name, copy_function=os.link
            )

    def rename(self, source, name):
        """Rename a database nobody is connected to; its filestore goes first.

        :raises RunnerError: when somebody is connected; then nothing has changed
        """
        self._remove_files(name)
        sql = (
            f'ALTER DATABASE "{checked_name(source)}" RENAME TO "{checked_name(name)}"'
        )
        self._move_files(source, name)
        try:
            self.ask(sql)
        except RunnerError:
            self._move_files(name, source)
            raise

    def replace(self, source, name):
        """Put a database in the place of another one, which goes when this is done.

        Whoever is connected to the old one is disconnected. Killed in between, the old
        one is still there: see `settle`.
        """
        old = checked_name(f"{name}{_REPLACED}")
        if self.exists(name):
            self.drop(old)
            # Autovacuum is not ours to end; PostgreSQL ends it for a new name.
            self.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                f"WHERE datname = '{name}' AND backend_type = 'client backend'"
            )
            self.rename(name, old)
        self.rename(source, name)
        self.drop(old)

    def settle(self, name):
        """Bring back what a killed `replace` has set aside: a database or its files."""
        old = checked_name(f"{name}{_REPLACED}")
        here, aside = self.exists(name), self.exists(old)
        if aside and not here:
            self.rename(old, name)
        elif here and not aside and not (self.filestores / name).is_dir():
            self._move_files(old, name)

    def drop(self, name):
        """Drop a database, with whoever is connected, and its filestore."""
        drop = f'DROP DATABASE IF EXISTS "{checked_name(name)}" WITH (FORCE)'
        for left in reversed(range(DROP_ATTEMPTS)):
            try:
                self.ask(drop)
                break
            except RunnerError as error:
                # PostgreSQL's own vacuum is at work there, which only a superuser ends
                if not left or "permission denied to terminate" not in str(error):
                    raise
                time.sleep(DROP_PAUSE)
        self._remove_files(name)

    def size(self, name):
        """Size of a database for people (str)."""
        sql = f"SELECT pg_size_pretty(pg_database_size('{checked_name(name)}'))"
        return self.ask(sql)[0][0]

    def _move_files(self, source, name):
        if (self.filestores / source).is_dir():
            (self.filestores / source).rename(self.filestores / name)

    def _remove_files(self, name):
        shutil.rmtree(self.filestores / checked_name(name), ignore_errors=True)
