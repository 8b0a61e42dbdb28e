"""Databases and their filestores: make, clone, rename, drop, list."""

import os
import re
import shutil
import subprocess

from .failure import RunnerError

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}")


def checked_name(name):
    """A database name that is safe in SQL, in paths and in Odoo's dbfilter.

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
        server = self.postgres
        command = [server.programs / "psql", "-XqAtw", "-F", "\t", "-h", server.host]
        command += ["-p", str(server.port), "-U", server.user, "-d", database]
        command += ["-v", "ON_ERROR_STOP=1", "-f", "-"]
        done = subprocess.run(
            [str(part) for part in command],
            input=sql,
            capture_output=True,
            encoding="utf-8",
            check=False,
            env={**os.environ, "PGOPTIONS": "-c client_min_messages=warning"},
        )
        if done.returncode:
            raise RunnerError(f"PostgreSQL refused: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]

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
        self.ask(
            f'CREATE DATABASE "{checked_name(name)}" '
            f'TEMPLATE "{checked_name(source)}" STRATEGY file_copy'
        )
        self._remove_files(name)
        if (self.filestores / source).is_dir():
            shutil.copytree(
                self.filestores / source, self.filestores / name, copy_function=os.link
            )

    def rename(self, source, name):
        """Rename a database nobody is connected to; its filestore goes first."""
        self._remove_files(name)
        if (self.filestores / source).is_dir():
            (self.filestores / source).rename(self.filestores / name)
        sql = (
            f'ALTER DATABASE "{checked_name(source)}" RENAME TO "{checked_name(name)}"'
        )
        self.ask(sql)

    def drop(self, name):
        """Drop a database, with whoever is connected, and its filestore."""
        self.ask(f'DROP DATABASE IF EXISTS "{checked_name(name)}" WITH (FORCE)')
        self._remove_files(name)

    def size(self, name):
        """Size of a database for people (str)."""
        sql = f"SELECT pg_size_pretty(pg_database_size('{checked_name(name)}'))"
        return self.ask(sql)[0][0]

    def _remove_files(self, name):
        shutil.rmtree(self.filestores / checked_name(name), ignore_errors=True)
