"""An Odoo 19 that the runner did not start: what a shop has that installs the package.

Its own configuration, addons path, filestore and database; the programs and the
PostgreSQL server are those of the home.
"""

import json
import os
import secrets
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from contract_processes import free_port

INSTALL_SECONDS = 900
_MARK = "@@"


class PlainOdoo:
    """One database and the folder that Odoo works in.

    :param Path home: the runner's home, for the programs
    :param Path folder: for configuration, filestore and add-ons
    """

    def __init__(self, home, folder):
        self.python = home / "venv" / "bin" / "python"
        self.folder = folder
        self.db = f"plain_test_{secrets.token_hex(3)}"
        self.addons = folder / "addons"
        self.addons.mkdir(parents=True)
        self.port = free_port()
        self.conf = folder / "odoo.conf"
        self.conf.write_text(
            f"""[options]
addons_path = {self._core()},{self.addons}
data_dir = {folder / "data"}
db_host = {os.environ["PGHOST"]}
db_port = {os.environ["PGPORT"]}
db_user = {os.environ["PGUSER"]}
db_name = {self.db}
http_interface = 127.0.0.1
http_port = {self.port}
without_demo = True
"""
        )

    def _core(self):
        code = "import odoo.addons.web as w; print(w.__path__[0])"
        done = self._run([self.python, "-c", code])
        return Path(done.stdout.strip()).parent

    def _run(self, command, stdin=""):
        env = {
            k: v for k, v in os.environ.items() if k not in ("ODOO_RC", "PYTHONPATH")
        }
        done = subprocess.run(
            [str(part) for part in command],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=INSTALL_SECONDS,
            check=False,
            env=env,
            cwd=self.folder,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr[-4000:]}"
        return done

    def install(self, *modules):
        """Install modules into the database; text of the log."""
        options = ("--stop-after-init", "--no-http", "--max-cron-threads=0")
        return self._odoo("-c", self.conf, "-i", ",".join(modules), *options).stderr

    def uninstall(self, module):
        """Uninstall a module; text of the log."""
        return self._odoo("module", "uninstall", "-c", self.conf, module).stderr

    def shell(self, script):
        """Run Python with an ``env`` of the superuser, then commit."""
        script = f"{script}\nenv.cr.commit()\n"
        return self._odoo("shell", "-c", self.conf, "--no-http", stdin=script)

    def _odoo(self, *arguments, stdin=""):
        return self._run([self.python, "-m", "odoo", *arguments], stdin)

    def sql(self, query):
        """Rows of a SELECT (list of dict)."""
        query = f"SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM ({query}) q"
        command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.db, "-f", "-"]
        return json.loads(self._run(command, query).stdout)

    @contextmanager
    def served(self):
        """Serve for a block: the address."""
        log = open(self.folder / "served.log", "wb")  # noqa: SIM115
        process = subprocess.Popen(
            [str(self.python), "-m", "odoo", "-c", str(self.conf)],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
        )
        url = f"http://127.0.0.1:{self.port}"
        try:
            _wait_until_up(url, process)
            yield url
        finally:
            process.terminate()
            process.wait(60)
            log.close()


def _wait_until_up(url, process, seconds=120):
    began = time.monotonic()
    while time.monotonic() - began < seconds and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/web/health", timeout=10).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError("The plain Odoo does not answer.")


@contextmanager
def plain_odoo(home, folder):
    """A plain Odoo with an empty database that lives as long as the block."""
    odoo = PlainOdoo(home, folder)
    ask = ["psql", "-Xq", "-d", "postgres", "-c"]
    subprocess.run([*ask, f"CREATE DATABASE {odoo.db} TEMPLATE template0"], check=True)
    try:
        yield odoo
    finally:
        subprocess.run([*ask, f"DROP DATABASE {odoo.db} (FORCE)"], check=True)
