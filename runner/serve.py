"""`./run serve`: from nothing to a served shop, and back to nothing on Ctrl-C."""

import base64
import hashlib
import os
import secrets
import time
import urllib.error
import urllib.request

from . import addon, odoo, plan
from .databases import checked_name
from .failure import RunnerError, Stopped
from .home import rotate, write_private
from .process import announce, say, start, stop

DEFAULT_PORT = 8069
READY_SECONDS = 180
_HASH_ROUNDS = 600_000  # what Odoo itself uses
_DIGEST_KEY = "mini_crm.installed_digest"
_STABLE_SECONDS = 60


def password_hash(password, salt, rounds=_HASH_ROUNDS):
    """A password as Odoo stores it (passlib's pbkdf2_sha512).

    :param str password: clear text
    :param bytes salt: 16 random bytes
    :param int rounds: cost; it stands in the result
    :rtype: str
    """

    def encode(raw):
        return base64.b64encode(raw).decode().rstrip("=").replace("+", ".")

    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, rounds)
    return f"$pbkdf2-sha512${rounds}${encode(salt)}${encode(key)}"


def serve(installation, *, listen):
    """Set up, make or update the database, serve until stopped.

    :param Installation installation: where
    :param str listen: address of the interface
    :returns: exit code (int)
    """
    port = installation.settings.port or DEFAULT_PORT
    db = checked_name(installation.settings.db)
    if not odoo.port_is_free(port, listen):
        raise RunnerError(
            f"Port {port} is taken by another program.",
            f"Choose another one: ./run serve --port {port + 1}",
        )
    with installation.up(), installation.home.mark_busy(f"serve-{db}"):
        password = bring_database(installation, db)
        conf = installation.configure(db, port, listen=listen)
        server = Server(installation, conf, f"http://{_reachable(listen)}:{port}")
        try:
            server.start()
            server.wait_until_ready()
            _say_ready(installation, server.url, password)
            server.watch()
        except Stopped:
            say("\nStopping.")
        finally:
            server.stop()
    return 0


def _reachable(listen):
    return "127.0.0.1" if listen in ("0.0.0.0", "::", "") else listen


def _say_ready(installation, url, password):
    say(f"\nMini CRM is ready: {url}")
    if password:
        say(f"  user: admin\n  password: {password}")
        file = installation.home.admin_password(installation.settings.db)
        say(f"  (shown this once; also in {file})")
    if os.geteuid() == 0:
        say("WARNING: Odoo runs as root; start ./run as an ordinary user instead.")


def bring_database(installation, db):
    """Make the database, or update it if the add-on changed.

    :returns: the new administrator's password (str), or None
    """
    databases = installation.databases
    fingerprint = addon.installed_digest(installation.checkout)
    with installation.home.lock(f"database-{db}"):
        databases.settle(db)
        if not databases.exists(db):
            return _make_database(installation, db, fingerprint)
        sql = f"SELECT value FROM ir_config_parameter WHERE key = '{_DIGEST_KEY}'"
        if databases.ask(sql, db) != [[fingerprint]]:
            say(f"The add-on changed: updating the database {db}")
            arguments = ["--update=mini_crm", "--stop-after-init", "--no-http"]
            _quiet_odoo(installation, db, [*arguments, "--max-cron-threads=0"])
            _remember(databases, db, fingerprint)
    return None


# Where everybody lands after the login: the customers, not Odoo's chat.
_HOME_PAGE = """
    WITH home AS (
        SELECT res_id FROM ir_model_data
        WHERE module = 'mini_crm' AND name = 'mini_crm_customer_action'),
    own AS (
        UPDATE res_users SET action_id = home.res_id FROM home WHERE login = 'admin')
    INSERT INTO ir_default (field_id, json_value)
    SELECT f.id, home.res_id::text FROM ir_model_fields f, home
    WHERE f.model = 'res.users' AND f.name = 'action_id'
"""


def _make_database(installation, db, fingerprint):
    """Fill a database under another name, so that it appears only when it is whole."""
    databases = installation.databases
    fresh = f"{db}_building"
    say(f"Making the database {db} (once, about a minute)")
    databases.drop(fresh)
    databases.create(fresh)
    _quiet_odoo(installation, fresh, plan.install_arguments(["mini_crm"]))
    password = secrets.token_urlsafe(12)
    hashed = password_hash(password, secrets.token_bytes(16))
    databases.ask(
        f"UPDATE res_users SET password = '{hashed}' WHERE login = 'admin'", fresh
    )
    databases.ask(_HOME_PAGE, fresh)
    _remember(databases, fresh, fingerprint)
    write_private(installation.home.admin_password(db), f"{password}\n")
    databases.rename(fresh, db)
    return password


def _quiet_odoo(installation, db, arguments):
    log = installation.home.logs / "install.log"
    announce(odoo.command(installation.home, "-d", db, *arguments))
    installation.run_odoo(db, arguments, what="Odoo", log=log)


def _remember(databases, db, fingerprint):
    sql = (
        "INSERT INTO ir_config_parameter (key, value, create_date, write_date) "
        f"VALUES ('{_DIGEST_KEY}', '{fingerprint}', now(), now()) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    )
    databases.ask(sql, db)


class Server:
    """The Odoo process that serves, kept alive.

    :param Installation installation: where
    :param Path conf: its odoo.conf
    :param str url: where it answers
    """

    def __init__(self, installation, conf, url):
        self.installation = installation
        self.conf = conf
        self.url = url
        self.log = installation.home.logs / "odoo.log"
        self.process = None

    def start(self):
        """Start Odoo; its output goes to the log."""
        command = odoo.command(self.installation.home)
        announce(command)
        rotate(self.log)
        with open(self.log, "ab") as output:
            env = self.installation.environment(self.conf)
            home = self.installation.home.root
            self.process = start(command, env=env, cwd=home, output=output)

    def stop(self):
        """Stop Odoo and forget its configuration."""
        if self.process:
            stop(self.process)
        self.conf.unlink(missing_ok=True)

    def answers(self):
        """Whether Odoo serves HTTP and reaches its database (bool)."""
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=5) as reply:
                return reply.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def wait_until_ready(self):
        """Wait for the first answer.

        :raises RunnerError: when Odoo ends, or is silent for READY_SECONDS
        """
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                tail = self.log.read_text(errors="replace").splitlines()[-15:]
                raise RunnerError(
                    "Odoo did not start:\n    " + "\n    ".join(tail),
                    f"All: {self.log}",
                )
            time.sleep(0.2)

    def watch(self):
        """Restart what dies, with growing pauses, until a signal stops us.

        Odoo's cron threads do not survive an outage of PostgreSQL, so Odoo is started
        anew whenever PostgreSQL was.
        """
        failures = 0
        while True:
            began = time.monotonic()
            why = self._wait_until_gone()
            failures = 1 if time.monotonic() - began > _STABLE_SECONDS else failures + 1
            pause = plan.back_off(failures)
            say(f"{why}; starting Odoo again in {pause} s.")
            stop(self.process)
            time.sleep(pause)
            self.start()

    def _wait_until_gone(self):
        """Wait until Odoo or PostgreSQL is gone; PostgreSQL is brought back.

        :returns: what happened (str)
        """
        while self.process.poll() is None:
            try:
                if self.installation.postgres.revive():
                    return "PostgreSQL was gone and is back"
            except RunnerError as error:
                say(error)
                return "PostgreSQL is gone"
            time.sleep(1)
        return f"Odoo ended with exit code {self.process.returncode}"
