"""One home put together for a command: settings, set-up, PostgreSQL, Odoo."""

import contextlib
from dataclasses import dataclass, fields
from pathlib import Path

from . import chromium, odoo
from .databases import Databases
from .home import Home
from .process import follow, run_logged
from .provision import Provision


@dataclass(frozen=True)
class Settings:
    """The options that every command has. `port` is None unless it was given."""

    checkout: Path
    home: Path
    db: str = "mini_crm"
    port: int | None = None
    db_host: str | None = None
    db_port: int | None = None
    db_user: str | None = None
    odoo: Path | None = None
    data: Path | None = None

    def options(self):
        """The options that make another command work in the same place (list).

        The port is not among them: two commands cannot share it.
        """
        words = []
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name not in ("checkout", "port") and value is not None:
                words += [f"--{field.name.replace('_', '-')}", str(value)]
        return words


class Installation:
    """Everything a command works with.

    :param Settings settings: the options
    """

    def __init__(self, settings):
        self.settings = settings
        self.checkout = settings.checkout
        self.home = Home(settings.home, settings.data)
        self.provision = Provision(
            self.home,
            settings.checkout,
            odoo_path=settings.odoo,
            external=bool(settings.db_host),
        )
        self.postgres = self.provision.postgres(
            settings.db_host, settings.db_port, settings.db_user
        )
        self.databases = Databases(self.postgres, self.home.data)

    @contextlib.contextmanager
    def up(self, *extra):
        """Set up what is missing and hold PostgreSQL up for a block.

        :param extra: see Provision.bring_up
        """
        self.provision.bring_up(*extra)
        with self.postgres.running():
            if self.settings.db_host:
                self.databases.require_usable(self.settings.db)
            yield self

    def configure(self, db, port=None, **options):
        """Write an odoo.conf; see odoo.configure."""
        port = port or odoo.free_port()
        return odoo.configure(self.home, self.postgres, db=db, port=port, **options)

    def environment(self, conf=None):
        """Environment for Odoo and for scripts; see odoo.environment."""
        folders = chromium.program_folders(self.home)
        return odoo.environment(self.home, self.postgres, conf=conf, extra_path=folders)

    def run_odoo(self, db, arguments, *, what, log):
        """Run Odoo on a database to its end, quietly.

        :raises RunnerError: with the end of its output when it fails
        """
        conf = self.configure(db)
        try:
            command = odoo.command(self.home, *arguments)
            run_logged(command, log, env=self.environment(conf), what=what)
        finally:
            conf.unlink(missing_ok=True)

    def follow_odoo(self, db, command, on_line, **variables):
        """Run Odoo on a database and hand over its output.

        :param variables: more environment
        :returns: exit code (int)
        """
        conf = self.configure(db)
        try:
            env = {**self.environment(conf), **variables}
            return follow(command, on_line=on_line, env=env, cwd=self.home.root)
        finally:
            conf.unlink(missing_ok=True)
