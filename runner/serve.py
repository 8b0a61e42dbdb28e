"""`./run serve`: from nothing to a served shop, and back to nothing on Ctrl-C."""

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from . import addon, odoo, plan
from .address import exposure, public_base
from .databases import checked_name
from .failure import RunnerError, Stopped
from .home import write_private
from .process import announce, run_logged, say
from .server import Server

DEFAULT_PORT = 8069
_WEBSOCKET_OFFSET = 3  # Odoo's own: 8069 and 8072
_HASH_ROUNDS = 600_000  # what Odoo itself uses
_DIGEST_KEY = "mini_crm.installed_digest"


@dataclass(frozen=True)
class Options:
    """How to serve.

    `listen`: address of the interface; `public_url`: what people type, or None;
    `insecure_lan`: HTTP without encryption is wanted; `workers`: processes, 0 for one
    with threads; `gevent_port`: of the websocket with processes, or None; `example`:
    fill a new database with the example shop.
    """

    listen: str = "127.0.0.1"
    public_url: str | None = None
    insecure_lan: bool = False
    workers: int = 0
    gevent_port: int | None = None
    example: bool = True


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


def serve(installation, options):
    """Set up, make or update the database, serve until stopped.

    :param Installation installation: where
    :param Options options: how
    :returns: exit code (int)
    """
    public_url = _require_safe(options)
    port = installation.settings.port or DEFAULT_PORT
    gevent_port = options.gevent_port or port + _WEBSOCKET_OFFSET
    db = checked_name(installation.settings.db)
    for taken in (port, gevent_port)[: 2 if options.workers else 1]:
        _require_free(taken, options.listen)
    with installation.up(), installation.home.mark_busy(f"serve-{db}"):
        password = bring_database(installation, db, example=options.example)
        if public_url:
            _set_base_url(installation.databases, db, public_url)
        conf = installation.configure(
            db,
            port,
            listen=options.listen,
            workers=options.workers,
            gevent_port=gevent_port,
            proxy_mode=bool(public_url),
            serving=True,
        )
        server = Server(
            installation, conf, f"http://{_reachable(options.listen)}:{port}"
        )
        try:
            server.start()
            server.wait_until_ready()
            _say_ready(installation, public_url or server.url, password)
            if public_url:
                _say_proxy(server.url, gevent_port if options.workers else None)
            server.watch()
        except Stopped:
            say("\nStopping.")
        finally:
            server.stop()
    return 0


def _require_safe(options):
    """Refuse to serve where others could listen in: the public address, or None."""
    try:
        public_url = options.public_url and public_base(options.public_url)
    except ValueError as error:
        raise RunnerError(
            f"--public-url: {error}", "Give it like this: https://shop.example"
        ) from None
    try:
        warning = exposure(options.listen, public_url, options.insecure_lan)
    except ValueError as error:
        raise RunnerError(
            str(error),
            "Put a proxy with HTTPS before it and give --public-url "
            "(docs/deployment.md), or, for a trial, --insecure-lan.",
        ) from None
    if warning:
        say(f"WARNING: {warning}")
    return public_url


def _require_free(port, listen):
    if not odoo.port_is_free(port, listen):
        raise RunnerError(
            f"Port {port} is taken by another program.",
            f"Choose another one: ./run serve --port {port + 1}",
        )


def _set_base_url(databases, db, url):
    """Make the public address the one of links in mails, whatever a login came by."""
    _set_parameters(databases, db, {"web.base.url": url, "web.base.url.freeze": "True"})


def _say_proxy(url, gevent_port):
    say(f"  behind a proxy that forwards to {url}")
    if gevent_port:
        say(f"  and /websocket to port {gevent_port} (docs/deployment.md)")


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


def bring_database(installation, db, *, example=False):
    """Make the database, or update it if the add-on changed.

    One at a time, also when several homes share a PostgreSQL.

    :param bool example: fill a new one with the example shop

    :returns: the new administrator's password (str), or None
    """
    databases = installation.databases
    fingerprint = addon.installed_digest(installation.checkout)
    with databases.alone(f"bring {db}", waiting=_say_waiting):
        databases.settle(db)
        if not databases.exists(db):
            return _make_database(installation, db, fingerprint, example)
        sql = f"SELECT value FROM ir_config_parameter WHERE key = '{_DIGEST_KEY}'"
        if databases.ask(sql, db) != [[fingerprint]]:
            _refuse_newer(installation, db)
            say(f"The add-on changed: updating the database {db}")
            arguments = ["--update=mini_crm", "--stop-after-init", "--no-http"]
            _quiet_odoo(installation, db, [*arguments, "--max-cron-threads=0"])
            _set_parameters(databases, db, {_DIGEST_KEY: fingerprint})
    return None


def _say_waiting():
    say("Another server makes or updates the database; waiting for it.")


def _refuse_newer(installation, db):
    """Never let an older checkout update a database back."""
    sql = "SELECT latest_version FROM ir_module_module WHERE name = 'mini_crm'"
    rows = installation.databases.ask(sql, db)
    ours = addon.manifest(installation.checkout)["version"]
    if rows and plan.is_newer(rows[0][0], ours):
        raise RunnerError(
            f"The database {db} has version {rows[0][0]}, this checkout is {ours}.",
            "Bring this checkout up to date.",
        )


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


def _make_database(installation, db, fingerprint, example):
    """Fill a database under another name, so that it appears only when it is whole."""
    databases = installation.databases
    fresh = f"{db}_building"
    say(f"Making the database {db} (once, about a minute)")
    databases.drop(fresh)
    databases.create(fresh)
    _quiet_odoo(installation, fresh, plan.install_arguments(["mini_crm"]))
    if example:
        _fill_with_example(installation, fresh)
    password = secrets.token_urlsafe(12)
    hashed = password_hash(password, secrets.token_bytes(16))
    databases.ask(
        f"UPDATE res_users SET password = '{hashed}' WHERE login = 'admin'", fresh
    )
    databases.ask(_HOME_PAGE, fresh)
    _set_parameters(databases, fresh, {_DIGEST_KEY: fingerprint})
    write_private(installation.home.admin_password(db), f"{password}\n")
    databases.rename(fresh, db)
    return password


def _fill_with_example(installation, db):
    script = Path(__file__).with_name("inside_odoo") / "example_shop.py"
    conf = installation.configure(db)
    try:
        command = [installation.home.python, script, db]
        log = installation.home.logs / "install.log"
        env = installation.environment(conf)
        run_logged(command, log, env=env, what="Making the example shop")
    finally:
        conf.unlink(missing_ok=True)


def _quiet_odoo(installation, db, arguments):
    log = installation.home.logs / "install.log"
    announce(odoo.command(installation.home, "-d", db, *arguments))
    installation.run_odoo(db, arguments, what="Odoo", log=log)


def _set_parameters(databases, db, values):
    """Write system parameters; values come from us and hold no quotes."""
    rows = ", ".join(f"('{k}', '{v}', now(), now())" for k, v in values.items())
    sql = (
        "INSERT INTO ir_config_parameter (key, value, create_date, write_date) "
        f"VALUES {rows} ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    )
    databases.ask(sql, db)
