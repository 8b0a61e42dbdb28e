"""Odoo itself: where its source comes from, its configuration, its environment."""

import contextlib
import errno
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .debian import unpack
from .failure import RunnerError
from .home import write_private
from .node import node_folder, programs_folder
from .venv import site_packages

# Odoo's package and what it links to. The suite matters: unstable's Font Awesome has
# other file names, stable has no Odoo 19.
PACKAGES = (
    "odoo-19/sid",
    "fonts-montserrat/sid",
    "libjs-jquery/stable",
    "libjs-underscore/stable",
    "libjs-jquery-form/stable",
    "fonts-font-awesome/stable",
    "fonts-roboto-unhinted/stable",
    "fonts-inconsolata/stable",
    "fonts-ocr-b/stable",
)
# National accounting and its dependants: nobody's customers need them.
LEFT_OUT = (
    "./usr/lib/python3/dist-packages/odoo/addons/l10n_*",
    "./usr/lib/python3/dist-packages/odoo/addons/*_l10n_*",
    "./usr/share/doc/*",
    "./usr/share/man/*",
    # Two thirds of the package are 50 languages; these stay: ar, de, es, fa, fr, tr.
    *(f"*/i18n/{rest}*.po" for rest in ("[!adeft]", "a[!r]", "d[!e]", "e[!s]")),
    *(f"*/i18n/{rest}*.po" for rest in ("f[!ar]", "t[!r]")),
)
_INSIDE = Path(__file__).with_name("inside_odoo")
_IN_TREE = "usr/lib/python3/dist-packages"
# Debian strips this non-free file; without any file every page logs an error.
_STRIPPED = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def find_source(odoo_path):
    """An Odoo 19 that is here already: --odoo, else what python3 can import.

    :param odoo_path: Path given by --odoo, or None
    :returns: the folder to put on Python's path, or None when one must be fetched
    :raises RunnerError: when --odoo names something else
    """
    if odoo_path:
        for folder in (odoo_path, odoo_path.parent):
            if series(folder) == "19.0":
                return folder
        raise RunnerError(
            f"{odoo_path} is not the source of Odoo 19.0.",
            "Give the folder that contains odoo/release.py.",
        )
    code = "import odoo, os; print(os.path.dirname(list(odoo.__path__)[0]))"
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        encoding="utf-8",
        cwd="/",
        check=False,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
    )
    folder = Path(found.stdout.strip() or "/nonexistent")
    return folder if series(folder) == "19.0" else None


def series(folder):
    """Series of the Odoo whose `odoo` package is in a folder (str "19.0"), or None."""
    with contextlib.suppress(OSError):
        text = (folder / "odoo" / "release.py").read_text(encoding="utf-8")
        found = re.search(r"version_info\s*=\s*\((\d+),\s*(\d+)", text)
        if found:
            return f"{found[1]}.{found[2]}"
    return None


def fetch(home, debian):
    """Fetch and unpack Debian's Odoo into the home.

    :param Home home: where
    :param Debian debian: the private apt
    """
    with home.fresh_folder(home.odoo_tree) as fresh:
        packages = fresh / "packages"
        packages.mkdir()
        debian.fetch(list(PACKAGES), packages)
        unpack(sorted(packages.glob("*.deb")), fresh, leave_out=LEFT_OUT)
        shutil.rmtree(packages)
        stub = fresh / _IN_TREE / "odoo" / _STRIPPED
        if not stub.exists():
            stub.parent.mkdir(parents=True, exist_ok=True)
            stub.write_text(
                "// Not free, so Debian leaves it out; only calls use it.\n"
            )


def connect(home, source):
    """Put Odoo on the private Python's path.

    :param Home home: where
    :param source: folder found by find_source, or None for the fetched tree
    """
    folder = source or home.odoo_tree / _IN_TREE
    if series(folder) != "19.0":
        raise RunnerError(f"There is no Odoo 19.0 in {folder}.", "Start again.")
    link = site_packages(home.venv) / "odoo-source.pth"
    link.write_text(f"{folder}\n", encoding="utf-8")


def source_folder(home):
    """The folder that holds the connected `odoo` package (Path)."""
    link = site_packages(home.venv) / "odoo-source.pth"
    return Path(link.read_text(encoding="utf-8").strip())


def version(home):
    """Exact version of the connected Odoo, for people and for hashes (str)."""
    folder = source_folder(home)
    changelog = folder / "odoo" / "release.py"
    return f"{series(folder)} {folder} {changelog.stat().st_mtime_ns}"


@dataclass(frozen=True)
class Configuration:
    """What one Odoo process is told. Fields say it all; see `text`."""

    db: str
    port: int
    listen: str
    addons_path: str
    data_dir: Path
    db_host: str
    db_port: int
    db_user: str
    cron_threads: int = 4
    workers: int = 0
    gevent_port: int = 8072
    proxy_mode: bool = False
    serving: bool = False

    def text(self, admin_passwd):
        """The file odoo.conf.

        :param str admin_passwd: random; the database manager is off anyway
        :rtype: str
        """
        values = {
            "admin_passwd": admin_passwd,
            "addons_path": self.addons_path,
            "data_dir": self.data_dir,
            "db_host": self.db_host,
            "db_port": self.db_port,
            "db_user": self.db_user,
            # The one database that is shown. A dbfilter would say the same, and have
            # Odoo list all databases for each request without a session.
            "db_name": self.db,
            "list_db": False,
            "http_interface": self.listen,
            "http_port": self.port,
            "workers": self.workers,
            "gevent_port": self.gevent_port,
            "max_cron_threads": self.cron_threads,
            "unaccent": False,
            "without_demo": True,
            "proxy_mode": self.proxy_mode,
        }
        if self.serving:
            # The health address answers without a database, too.
            values["server_wide_modules"] = "base,rpc,web,mini_crm"
        lines = "".join(f"{key} = {value}\n" for key, value in values.items())
        return f"# Written by the runner at every start.\n[options]\n{lines}"


def configure(home, postgres, *, db, port, listen="127.0.0.1", **options):
    """Write an odoo.conf for one database.

    :param str db: database name
    :param int port: HTTP port
    :param options: further fields of Configuration
    :returns: the file (Path), readable by its owner only
    """
    core = source_folder(home) / "odoo" / "addons"
    extra = source_folder(home) / "addons"  # a git checkout keeps most add-ons there
    folders = [str(folder) for folder in (core, extra, home.addons) if folder.is_dir()]
    configuration = Configuration(
        db=db,
        port=port,
        listen=listen,
        addons_path=",".join(folders),
        data_dir=home.data,
        db_host=postgres.host,
        db_port=postgres.port,
        db_user=postgres.user,
        **options,
    )
    path = home.conf / f"{db}.{port}.conf"
    write_private(path, configuration.text(secrets.token_urlsafe(24)))
    return path


def environment(home, postgres, *, conf=None, extra_path=()):
    """Environment of Odoo and of scripts that talk to it.

    :param Path conf: odoo.conf; Odoo reads it through ODOO_RC
    :param extra_path: more folders with programs (Chromium)
    :rtype: dict
    """
    env = dict(os.environ)
    for name in ("PYTHONPATH", "PYTHONHOME", "PGDATABASE", "OPENERP_SERVER"):
        env.pop(name, None)
    folders = [*extra_path, programs_folder(home), node_folder(home)]
    folders += [home.venv / "bin", postgres.programs]
    env["PATH"] = ":".join([*map(str, folders), env.get("PATH", "/usr/bin:/bin")])
    # Keep compiled files out of the checkout and of a shared Odoo tree.
    env["PYTHONPYCACHEPREFIX"] = str(home.root / "pycache")
    env["MINI_CRM_HOME"] = str(home.root)
    # The add-on keeps its keys where home.secrets() looks for them.
    env["MINI_CRM_SECRETS"] = str(home.keys)
    env["PGHOST"], env["PGPORT"] = postgres.host, str(postgres.port)
    env["PGUSER"] = postgres.user
    if postgres.session_options:
        given = env.get("PGOPTIONS", "")
        env["PGOPTIONS"] = f"{postgres.session_options} {given}".strip()
    if conf:
        env["ODOO_RC"] = env["MINI_CRM_CONF"] = str(conf)
    return env


def command(home, *arguments):
    """Odoo's own command line with the private Python (list)."""
    return [home.python, _INSIDE / "start.py", *arguments]


def test_command(home, db, tags, *, install=(), update=()):
    """A test run of Odoo, with the packages that tests need.

    :param str tags: see plan.test_tags
    :param install: modules to install first
    :param update: modules to update: their tests run while they are loaded. With
        neither, all tests run on the database as it is, after everything is loaded
    :rtype: list
    """
    start = [_INSIDE / "tests_at_end.py"]
    if install:
        start = ["-m", "odoo", f"--init={','.join(install)}"]
    elif update:
        start = ["-m", "odoo", f"--update={','.join(update)}"]
    options = [f"--test-tags={tags}", "--stop-after-init", "--max-cron-threads=0"]
    return [home.dev_python, *start, "-d", db, *options]


def free_port():
    """A TCP port of the loopback interface that is free now (int)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_is_free(port, listen):
    """Whether a server could listen there.

    :rtype: bool
    :raises RunnerError: when it could not for another reason than a taken port
    """
    family = socket.AF_INET6 if ":" in listen else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listen, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise RunnerError(
                f"Nothing can listen on {listen}, port {port}: {error.strerror}.",
                "Choose with --listen ADDRESS and --port NUMBER.",
            ) from error
    return True
