"""`./run doctor`: what is here, what is missing, what to do about it."""

import shutil
import subprocess
import sys

from . import addon, chromium, node, odoo, state
from .failure import RunnerError
from .finding import Finding
from .home import NEEDED_BYTES
from .postgres import ExternalPostgres
from .process import say
from .serve import DEFAULT_PORT
from .venv import site_packages

_OVERDUE = """
SELECT c.cron_name, to_char(now() AT TIME ZONE 'utc' - c.nextcall, 'HH24:MI')
FROM ir_cron c
WHERE c.active AND c.nextcall < now() AT TIME ZONE 'utc' - interval '10 minutes'
ORDER BY c.nextcall LIMIT 5
"""


def doctor(installation):
    """Print all findings.

    :returns: exit code (int): 1 when something is a FAIL
    """
    findings = [f for check in CHECKS for f in check(installation)]
    for finding in findings:
        say(finding.line())
    return 1 if any(f.level == "FAIL" for f in findings) else 0


def _home(installation):
    home = installation.home
    if not home.root.is_dir():
        yield Finding("WARN", "home", f"{home.root} is not there", "./run serve")
        return
    yield Finding("OK", "home", str(home.root))
    usage = shutil.disk_usage(home.root)
    free = f"{usage.free / 1024**3:.1f} GB free"
    roomy = usage.free > NEEDED_BYTES
    yield Finding("OK" if roomy else "WARN", "disk", free, "" if roomy else "make room")
    if home.data.is_dir():
        room = shutil.disk_usage(home.data).free
        text = f"{room / 1024**3:.1f} GB free for attachments in {home.data}"
        level = "OK" if room > NEEDED_BYTES else "WARN"
        yield Finding(level, "filestore", text)


def _python(installation):
    yield Finding("OK", "python", sys.version.split()[0])
    python = installation.home.python
    if not python.exists():
        yield Finding("WARN", "packages", "not installed", "./run serve")


def _odoo(installation):
    try:
        folder = odoo.source_folder(installation.home)
    except OSError:
        yield Finding("WARN", "odoo", "not set up", "./run serve")
        return
    series = odoo.series(folder)
    level = "OK" if series == "19.0" else "FAIL"
    yield Finding(
        level, "odoo", f"{series} in {folder}", "" if series else "./run serve"
    )


def _node(installation):
    home = installation.home
    version = _version([node.node_folder(home) / "node", "--version"])
    yield _tool("node", version, "./run serve")
    rtlcss = _version([node.programs_folder(home) / "rtlcss", "--version"], home)
    yield _tool("rtlcss", rtlcss, "Persian pages run left to right; ./run serve")


def _browser(installation):
    path = chromium.on_path()
    if not path:
        folder = chromium.program_folders(installation.home)[0] / "chromium"
        path = str(folder) if folder.exists() else None
    version = _version([path, "--version"]) if path else None
    yield _tool(
        "chromium", version, "only tests need it: ./run test browser fetches it"
    )


def _tool(name, version, hint):
    if version:
        return Finding("OK", name, version)
    return Finding("WARN", name, "missing", hint)


def _version(command, home=None):
    env = None
    if home:
        env = {"PATH": f"{node.node_folder(home)}:/usr/bin:/bin"}
    try:
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=30,
            env=env,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip().split("\n")[0] if done.returncode == 0 else None


def _port(installation):
    port = installation.settings.port or DEFAULT_PORT
    serving = installation.home.locks.is_dir() and installation.home.busy("serve-*")
    for name, pid in (serving or {}).items():
        yield Finding("OK", "serving", f"{name.removeprefix('serve-')} (process {pid})")
    if not serving and not odoo.port_is_free(port, "127.0.0.1"):
        hint = f"./run serve --port {port + 1}"
        yield Finding("WARN", "port", f"{port} is taken by another program", hint)
    elif not serving:
        yield Finding("OK", "port", f"{port} is free")


def _postgres(installation):
    """The server, and if it is up the database and its scheduled jobs."""
    postgres = installation.postgres
    if not site_packages(installation.home.venv).is_dir():
        yield Finding("WARN", "postgresql", "not set up", "./run serve")
        return
    external = isinstance(postgres, ExternalPostgres)
    if not external and not postgres.answers():
        yield Finding("OK", "postgresql", "not running; ./run serve starts it")
        return
    try:
        if external:
            installation.databases.require_usable(installation.settings.db)
        version = installation.databases.ask("SHOW server_version")[0][0]
        yield Finding("OK", "postgresql", f"{version} at {postgres.host}")
        yield from _database(installation)
    except RunnerError as error:
        hint = error.hint or "see its log in the home"
        yield Finding("FAIL", "postgresql", error.message, hint)


def _database(installation):
    db, databases = installation.settings.db, installation.databases
    if not databases.exists(db):
        yield Finding("WARN", "database", f"{db} does not exist", "./run serve")
        return
    yield Finding("OK", "database", f"{db}, {databases.size(db)}")
    password = installation.home.admin_password(db)
    if password.exists():
        yield Finding("OK", "password", f"the first one of admin is in {password}")
    overdue = databases.ask(_OVERDUE, db)
    served = f"serve-{db}" in installation.home.busy(f"serve-{db}")
    if overdue and served:
        jobs = ", ".join(f"{name} ({late})" for name, late in overdue)
        hint = "restart ./run serve; if it stays, see its log"
        yield Finding("FAIL", "jobs", f"overdue: {jobs}", hint)
    elif served:
        yield Finding("OK", "jobs", "no scheduled job is overdue")
    yield from _state(installation, served)


def _state(installation, served):
    db, databases = installation.settings.db, installation.databases
    version = addon.manifest(installation.checkout)["version"]
    if databases.ask("SELECT to_regclass('mini_crm_health') IS NULL", db) == [["t"]]:
        text = f"{db} is of a version before {version}"
        yield Finding("WARN", "add-on", text, "./run serve updates it")
        return
    (row,) = databases.ask(state.QUERY, db)
    yield from state.judge(row, served=served, version=version)


CHECKS = (_home, _python, _odoo, _node, _browser, _port, _postgres)
