"""Debian packages, fetched and unpacked without touching the system.

apt itself does the work (mirrors, proxies, signatures, checksums) with a private
configuration: its archive is read from the machine's apt, its lists and downloads are
in the home. Nothing here needs root.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .failure import RunnerError
from .process import pipe, run_logged

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_NO_DEBIAN = (
    "This works on Debian 12 and 13. Elsewhere give Odoo 19's source by --odoo PATH, "
    "and install what the message names by hand."
)
# Unstable only where it is asked for by name.
_PREFERENCES = "Package: *\nPin: release n=sid\nPin-Priority: 100\n"


def stable_suite(os_release):
    """The machine's own suite.

    :param str os_release: content of /etc/os-release
    :returns: for example "bookworm", or None when it is not Debian
    """
    values = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', os_release, re.MULTILINE))
    return values.get("VERSION_CODENAME") if values.get("ID") == "debian" else None


def archive_addresses(plan, suite):
    """Addresses that may be Debian's main archive, out of what apt would fetch.

    :param str plan: output of `apt-get update --print-uris`, which needs neither root
        nor lists that are there already
    :param str suite: the machine's suite
    :returns: list of str, likeliest first; other vendors may use the same suite names
    """
    pattern = re.compile(r"^'(\S+?)/dists/([^/']+)/main/binary-[^/']+/", re.MULTILINE)
    names = (suite, "stable", "oldstable", "testing", "unstable", "sid")
    found = [(names.index(s), a) for a, s in pattern.findall(plan) if s in names]
    return list(dict.fromkeys(address for _rank, address in sorted(found)))


def sources_text(address, suite, keyring=KEYRING):
    """The private sources.list: the machine's suite and unstable.

    :rtype: str
    """
    option = f"[signed-by={keyring}]"
    return "".join(f"deb {option} {address} {s} main\n" for s in (suite, "sid"))


def configuration_text(folder):
    """The private apt.conf, laid over the machine's own (proxies stay).

    :param Path folder: where lists and downloads go
    :rtype: str
    """
    return "".join(
        f'{key} "{value}";\n'
        for key, value in (
            ("Dir::State::Lists", folder / "lists"),
            ("Dir::State::status", "/var/lib/dpkg/status"),
            ("Dir::State::extended_states", folder / "extended_states"),
            ("Dir::Cache", folder / "cache"),
            ("Dir::Etc::SourceList", folder / "sources.list"),
            ("Dir::Etc::SourceParts", "/dev/null"),
            ("Dir::Etc::Preferences", folder / "preferences"),
            ("Dir::Etc::PreferencesParts", "/dev/null"),
            ("Dir::Log", folder),
            ("APT::Sandbox::User", ""),
            ("APT::Update::Post-Invoke-Success", ""),
            ("Acquire::Languages", "none"),
            ("Acquire::Retries", "3"),
            ("Debug::NoLocking", "1"),
        )
    )


class Debian:
    """A private apt below one folder.

    :param Path folder: state of this apt; may be deleted at any time
    :param Path log: file for apt's output
    """

    def __init__(self, folder, log):
        self.folder = folder
        self.log = log
        self.suite = None
        self._ready = False

    def fetch(self, names, into):
        """Download packages without their dependencies, into a folder.

        :param list names: "package/suite", where the suite "stable" is the machine's
        :param Path into: existing folder
        """
        self._open()
        wanted = [name.replace("/stable", f"/{self.suite}") for name in names]
        self._apt("download", *wanted, cwd=into, what="Downloading Debian packages")

    def fetch_with_dependencies(self, names, into):
        """Download packages and whatever of their dependencies the machine lacks."""
        self._open()
        options = ["--download-only", "--yes", "--no-install-recommends"]
        archives = f"Dir::Cache::Archives={into}/"
        (into / "partial").mkdir(exist_ok=True)
        self._apt("install", *options, "-o", archives, *names, what="Downloading")

    def _open(self):
        if self._ready:
            return
        if not shutil.which("apt-get"):
            raise RunnerError("There is no apt on this machine.", _NO_DEBIAN)
        if not KEYRING.exists():
            raise RunnerError(
                f"Debian's archive key {KEYRING} is missing.",
                "Install the package debian-archive-keyring.",
            )
        self.suite = stable_suite(Path("/etc/os-release").read_text(encoding="utf-8"))
        addresses = archive_addresses(_update_plan(), self.suite) if self.suite else []
        if not addresses:
            raise RunnerError("apt here knows no Debian archive.", _NO_DEBIAN)
        for part in ("lists/partial", "cache/archives/partial"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        (self.folder / "preferences").write_text(_PREFERENCES, encoding="utf-8")
        configuration = configuration_text(self.folder)
        (self.folder / "apt.conf").write_text(configuration, encoding="utf-8")
        self._read_lists(addresses)
        self._ready = True

    def _read_lists(self, addresses):
        """Read the lists of the first address that Debian's key has signed."""
        for place, address in enumerate(addresses, 1):
            sources = sources_text(address, self.suite)
            (self.folder / "sources.list").write_text(sources, encoding="utf-8")
            try:
                return self._apt("update", what="Reading the Debian archive's lists")
            except RunnerError:
                if place == len(addresses):
                    raise
        return None

    def _apt(self, *arguments, what, cwd=None):
        env = {**os.environ, "APT_CONFIG": str(self.folder / "apt.conf")}
        env["LC_ALL"] = "C.UTF-8"
        strict = ["-o", "APT::Update::Error-Mode=any"]
        try:
            command = ["apt-get", "-q", *strict, *arguments]
            run_logged(command, self.log, env=env, cwd=cwd, what=what)
        except RunnerError as error:
            error.hint = "Is the network (or the proxy apt uses) up? " + error.hint
            raise


def _update_plan():
    command = ["apt-get", "update", "--print-uris"]
    return subprocess.run(
        command, capture_output=True, check=False, encoding="utf-8"
    ).stdout


def unpack(packages, into, *, leave_out=()):
    """Unpack .deb files below a folder.

    :param list packages: Paths of .deb files, checked by apt when they came
    :param Path into: existing folder
    :param tuple leave_out: tar patterns of what is not wanted
    """
    excludes = [f"--exclude={pattern}" for pattern in leave_out]
    tar = ["tar", "-x", "--no-same-owner", "-C", into, *excludes]
    for package in packages:
        if not pipe(["dpkg-deb", "--fsys-tarfile", package], tar):
            raise RunnerError(
                f"{package.name} could not be unpacked below {into}.",
                "Is the disk full? Start the command again.",
            )


def machine_python():
    """Version of the Python that runs us, as in folder names (str "3.11")."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"
