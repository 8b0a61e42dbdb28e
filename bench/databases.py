"""Databases that a run of benchmarks makes and drops again."""

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from psycopg2.errors import InsufficientPrivilege

import odoo.modules.registry
import odoo.sql_db
from odoo.tools import SQL, config

from .environment import BenchError, opened, say
from .seed import seed

# What the add-on depends on: a shop that could install it, but has not.
DEPENDS = "contacts,mail,utm,phone_validation,base_import"
DROP_ATTEMPTS = 60


class Databases:
    """The databases of one run, made when first asked for; a context manager.

    ``stock`` is plain Odoo, ``product`` has the add-on, ``seeded(n)`` has customers.
    """

    def __init__(self):
        self._stack = ExitStack()
        self._made = {}

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._stack.close()

    @property
    def stock(self):
        """Name of a database of plain Odoo with what the add-on depends on (str)."""
        return self._make("stock", _fill_stock)

    @property
    def product(self):
        """Name of a database with the add-on and without customers (str)."""
        return self._make("product", _fill_product)

    def plain(self):
        """Name of a further database of plain Odoo, for this caller alone (str)."""
        return self._make(f"stock, {len(self._made) + 1}", _fill_stock)

    def install(self, name):
        """Install the add-on into a database of plain Odoo."""
        # what this process knows of the database is no longer so
        odoo.modules.registry.Registry.delete(name)
        _odoo(name, "-i", "mini_crm")

    def seeded(self, count):
        """Name of a database with the add-on and ``count`` seeded customers (str).

        ``MINI_CRM_BENCH_DB`` names one that is there already, to save the time.
        """
        given = os.environ.get("MINI_CRM_BENCH_DB")
        if given:
            return given

        def fill(name):
            _fill_product(name)
            say(f"Seeding {count:,} customers")
            with opened(name) as env:
                seed(env, count)

        return self._make(f"seeded {count}", fill)

    def _make(self, kind, fill):
        if kind not in self._made:
            name = self._stack.enter_context(_scratch())
            say(f"Making a database: {kind}")
            fill(name)
            self._made[kind] = name
        return self._made[kind]


@contextmanager
def _scratch():
    """Name of a new database; what stands under it afterwards is dropped.

    The name and the lock are as the runner's own scratch databases: it drops those
    whose process was killed.
    """
    name = f"bench_test_{secrets.token_hex(3)}"
    with ExitStack() as stack:
        home = os.environ.get("MINI_CRM_HOME")
        if home:
            lock = Path(home, "locks", name)
            fcntl.flock(stack.enter_context(open(lock, "w")), fcntl.LOCK_EX)
            stack.callback(lock.unlink, missing_ok=True)
        try:
            yield name
        finally:
            odoo.modules.registry.Registry.delete(name)
            odoo.sql_db.close_db(name)
            _drop(name)
            shutil.rmtree(config.filestore(name), ignore_errors=True)


def _fill_stock(name):
    """Plain Odoo: a copy of ``MINI_CRM_TEMPLATE``, else installed here."""
    template = os.environ.get("MINI_CRM_TEMPLATE")
    if not template:
        _create(name, "template0")
        _odoo(name, "-i", DEPENDS)
        return
    _create(name, template)
    files = Path(config.filestore(template))
    if files.is_dir():
        shutil.copytree(files, config.filestore(name), copy_function=os.link)


def _fill_product(name):
    _fill_stock(name)
    _odoo(name, "-i", "mini_crm")


def _create(name, template):
    # as Odoo makes them; a template keeps its own
    order = (
        SQL("ENCODING 'unicode' LC_COLLATE 'C'") if template == "template0" else SQL()
    )
    _administer(
        SQL(
            "CREATE DATABASE %s %s TEMPLATE %s",
            SQL.identifier(name),
            order,
            SQL.identifier(template),
        )
    )
    with odoo.sql_db.db_connect(name).cursor() as cr:
        cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")


def _drop(name):
    drop = SQL("DROP DATABASE IF EXISTS %s (FORCE)", SQL.identifier(name))
    for left in reversed(range(DROP_ATTEMPTS)):
        try:
            _administer(drop)
            return
        except InsufficientPrivilege:
            # PostgreSQL's own vacuum is at work there, which only a superuser ends
            if not left:
                raise
            time.sleep(1)


def _administer(statement):
    connection = odoo.sql_db.db_connect("postgres")
    with connection.cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute(statement)


def _odoo(name, *arguments):
    command = [
        sys.executable,
        "-m",
        "odoo",
        "-c",
        os.environ["MINI_CRM_CONF"],
        "-d",
        name,
    ]
    command += [*arguments, "--stop-after-init", "--no-http", "--max-cron-threads=0"]
    command += ["--log-level=warn"]
    # the checkout's folders must not stand in the way of Odoo's own
    env = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", cwd="/", env=env, check=False
    )
    if done.returncode:
        raise BenchError(
            f"Odoo could not fill the database {name}:\n{done.stderr[-2000:]}"
        )


def tidy(db, *tables):
    """Vacuum and analyze tables, so that no contestant pays for another's dirt."""
    connection = odoo.sql_db.db_connect(db)
    with connection.cursor() as cr:
        cr._cnx.autocommit = True
        names = SQL(", ").join(map(SQL.identifier, tables))
        cr.execute(SQL("VACUUM (ANALYZE) %s", names))
