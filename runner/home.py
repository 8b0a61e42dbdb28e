"""The home: one folder outside the checkout that holds all state."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from .failure import RunnerError

LOG_BYTES = 20 * 1024**2
NEEDED_BYTES = 3 * 1024**3
_SOCKET_PATH_LIMIT = 100  # the kernel's is 107 bytes, with the NUL and our file name


def default_root(checkout, environ, uid):
    """Where the state of a checkout lives when nobody says otherwise.

    Not a cache folder: a shop's database must survive a cleaned cache. Root's own
    home is closed to the system user that PostgreSQL runs as, hence /var/lib.

    :param Path checkout: the add-on's folder
    :param dict environ: environment variables
    :param int uid: effective user id
    :rtype: Path
    """
    if environ.get("MINI_CRM_HOME"):
        return Path(environ["MINI_CRM_HOME"]).expanduser().absolute()
    if uid == 0:
        base = Path("/var/lib")
    else:
        base = Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    digest = hashlib.sha256(os.fsencode(checkout)).hexdigest()[:10]
    return base / "mini-crm" / digest


class Home:
    """Paths inside one home, and its locks. Creating it is `prepare()`.

    :param Path root: absolute path
    :param data: absolute Path of Odoo's attachments and sessions, where several homes
        share them; default a folder of the home
    """

    def __init__(self, root, data=None):
        self.root = Path(root)
        self.venv = self.root / "venv"
        self.dev_venv = self.root / "venv-dev"
        self.debian = self.root / "debian"
        self.odoo_tree = self.root / "odoo"
        self.node = self.root / "node"
        self.lint_tools = self.root / "lint"
        self.chromium = self.root / "chromium"
        self.addons = self.root / "addons"
        self.data = data or self.root / "data"
        self.postgres = self.root / "postgres"
        self.conf = self.root / "conf"
        self.logs = self.root / "logs"
        self.marks = self.root / "marks"
        self.locks = self.root / "locks"
        self.temporary = self.root / "tmp"
        # Servers that share one database need the same keys.
        self.keys = (data or self.root) / "secrets"

    @property
    def python(self):
        """The private Python that runs Odoo (Path)."""
        return self.venv / "bin" / "python"

    @property
    def dev_python(self):
        """The private Python with the test and lint packages (Path)."""
        return self.dev_venv / "bin" / "python"

    def admin_password(self, db):
        """File with the first password of a database's administrator (Path)."""
        return self.root / f"admin-password-{db}"

    def secrets(self, db):
        """Folder with the keys of a database (Path), mode 0700; there may be none.

        Whoever makes a key keeps it in here, one file each, mode 0600: then a backup
        takes it along, a restore brings it back, and a reset forgets it.
        """
        return self.keys / db

    @property
    def socket_folder(self):
        """PostgreSQL's socket folder (Path), short even in a home with a long path."""
        inside = self.postgres / "socket"
        if len(os.fsencode(inside)) + len("/.s.PGSQL.5432.lock") <= _SOCKET_PATH_LIMIT:
            return inside
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path("/tmp") / f"mini-crm-{digest}"

    def prepare(self, checkout):
        """Create the folders and the link that gives the add-on its technical name.

        :param Path checkout: the add-on's folder
        :raises RunnerError: when the folder cannot be written
        """
        os.umask(0o022)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            # As root PostgreSQL is another user, who must be able to pass through.
            self.root.chmod(0o755 if os.geteuid() == 0 else 0o700)
            for private in (self.data, self.conf, self.logs):
                private.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (self.addons, self.marks, self.locks, self.temporary):
                folder.mkdir(exist_ok=True)
            self._link_addon(checkout)
        except OSError as error:
            raise RunnerError(
                f"The home {self.root} cannot be written: {error.strerror}.",
                "Choose another folder with --home DIR.",
            ) from error

    def _link_addon(self, checkout):
        link = self.addons / "mini_crm"
        if link.is_symlink() and link.readlink() == checkout:
            return
        fresh = self.addons / f".mini_crm.{os.getpid()}"
        fresh.symlink_to(checkout)
        fresh.replace(link)

    def require_space(self):
        """Refuse to begin a set-up that cannot end.

        :raises RunnerError: with less than NEEDED_BYTES free
        """
        free = shutil.disk_usage(self.root).free
        if free < NEEDED_BYTES:
            raise RunnerError(
                f"{free / 1024**3:.1f} GB free below {self.root}, "
                f"{NEEDED_BYTES / 1024**3:.0f} GB are needed.",
                "Free some space, or choose another disk with --home DIR.",
            )

    @contextlib.contextmanager
    def lock(self, name, *, waiting=None):
        """Hold an exclusive lock of this home; the kernel frees it if we are killed.

        :param str name: file name of the lock
        :param waiting: called once, without arguments, if somebody else holds it
        """
        with open(self.locks / name, "w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if waiting:
                    waiting()
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle

    @contextlib.contextmanager
    def mark_busy(self, name):
        """Say who does something that only one command may do at a time.

        :param str name: file name; its content is our process id while the block lasts
        :raises RunnerError: when another command does it
        """
        with open(self.locks / name, "a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                handle.seek(0)
                raise RunnerError(
                    f"Process {handle.read()} does that already ({name}).",
                    "./run stop ends it.",
                ) from None
            handle.truncate(0)
            handle.write(str(os.getpid()))
            handle.flush()
            yield

    def busy(self, pattern):
        """Process ids that `mark_busy` knows, by name.

        :param str pattern: of names, as for glob
        :returns: dict of name -> process id (int)
        """
        found = {}
        for path in self.locks.glob(pattern):
            with open(path) as handle:
                try:
                    fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    found[path.name] = int(handle.read() or 0)
        return found

    @contextlib.contextmanager
    def fresh_folder(self, target):
        """A folder to fill; it takes the target's place only when the block ends well.

        Only under the lock "setup": leftovers of killed tries are removed first.

        :param Path target: what is replaced at the end
        :returns: the Path to fill
        """
        for leftover in self.temporary.glob(f"{target.name}.*"):
            shutil.rmtree(leftover, ignore_errors=True)
        fresh, old = (
            Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=self.temporary))
            for _ in range(2)
        )
        fresh.chmod(0o755)
        yield fresh
        if target.exists():
            target.replace(old)
        fresh.replace(target)
        shutil.rmtree(old, ignore_errors=True)


def rotate(log):
    """Set a log that has grown large aside; the one before it goes.

    :param Path log: it need not exist
    """
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_name(f"{log.name}.1"))


def trim(log):
    """Set a large log aside while a program goes on writing to it.

    The program must have opened it for appending. Lines of the moment may be lost; the
    disk of a server that runs for years must not fill up.

    :param Path log: it need not exist
    """
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES:
            fresh = log.with_name(f".{log.name}.1")
            shutil.copyfile(log, fresh)
            fresh.chmod(log.stat().st_mode & 0o777)
            fresh.replace(log.with_name(f"{log.name}.1"))
            os.truncate(log, 0)


def write_private(path, text):
    """Write a file that only its owner may read, whole or not at all.

    :param Path path: target
    :param str text: content
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
    fresh.replace(path)
