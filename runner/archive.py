"""A backup file: one zip that says what it is and proves that it is whole.

database.dump     what pg_dump wrote, custom format
filestore/ab/...  the files that the database names
secrets/...       the keys of the database, if it has any
SHA256SUMS        hashes of all of these, as `sha256sum -c` reads them
manifest.json     versions, date, sizes, and the hash of SHA256SUMS
"""

import contextlib
import hashlib
import json
import os
import re
import tempfile
import zipfile
import zlib

from .failure import RunnerError

FORMAT = 1
PRODUCT = "mini_crm"
MANIFEST, SUMS, DUMP = "manifest.json", "SHA256SUMS", "database.dump"
FILESTORE, SECRETS = "filestore/", "secrets/"
UNFINISHED = ".part"
CHUNK = 1024**2  # bytes
_SUM_LINE = re.compile(r"([0-9a-f]{64})  (.+)\n")
_SPOOLED = 8 * CHUNK
# What reading a member raises whose bytes are not what they were.
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError)


class Archive:
    """A backup that is being written.

    :param handle: binary file to write to
    :param tuple date: year, month, day, hour, minute, second of the members
    """

    def __init__(self, handle, date):
        self._zip = zipfile.ZipFile(handle, "w")
        self._date = date
        self._sums = tempfile.SpooledTemporaryFile(_SPOOLED, "w+", encoding="utf-8")  # noqa: SIM115

    def add(self, name, chunks, *, compress=False):
        """Write one member.

        :param str name: path in the zip
        :param chunks: iterable of bytes
        :param bool compress: not for what is compressed already
        :returns: its size (int, bytes)
        """
        info = zipfile.ZipInfo(name, self._date)
        info.external_attr = 0o600 << 16
        info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        whole, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                whole.update(chunk)
                size += len(chunk)
        if name not in (SUMS, MANIFEST):
            self._sums.write(f"{whole.hexdigest()}  {name}\n")
        return size

    def finish(self, manifest):
        """Write the hashes and the manifest: the backup is complete.

        :param dict manifest: see `backup.describe`
        """
        self._sums.seek(0)
        text = self._sums.read().encode()
        self._sums.close()
        self.add(SUMS, [text], compress=True)
        manifest = {
            "product": PRODUCT,
            "format": FORMAT,
            **manifest,
            "sums": hashlib.sha256(text).hexdigest(),
        }
        text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
        self.add(MANIFEST, [text.encode()])
        self._zip.close()


def chunks_of(handle):
    """The content of a binary file object, piece by piece (iterator of bytes)."""
    while chunk := handle.read(CHUNK):
        yield chunk


class Backup:
    """A backup that is read; a context manager.

    :param Path path: the file
    :raises RunnerError: when it is not a whole backup, or a newer one than we know
    """

    def __init__(self, path):
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = json.loads(self._zip.read(MANIFEST))
        except FileNotFoundError as error:
            raise RunnerError(f"There is no file {path}.") from error
        except OSError as error:
            raise RunnerError(f"{path} cannot be read: {error.strerror}.") from error
        except (zipfile.BadZipFile, KeyError, ValueError) as error:
            raise RunnerError(
                f"{path} is no whole backup of Mini CRM: cut off, damaged, or another "
                "kind of file.",
                "Take an older backup, or copy this one again.",
            ) from error
        self._check_kind()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._zip.close()

    def _check_kind(self):
        known = isinstance(self.manifest, dict)
        if not known or self.manifest.get("product") != PRODUCT:
            raise RunnerError(f"{self.path} is no backup of Mini CRM.")
        if self.manifest["format"] > FORMAT:
            raise RunnerError(
                f"{self.path} was written by a newer Mini CRM.",
                "Update this checkout first.",
            )

    def names(self, prefix):
        """Members below a folder, without its name (list of str).

        :raises RunnerError: when one would leave the folder it is restored to
        """
        names = [n[len(prefix) :] for n in self._zip.namelist() if n.startswith(prefix)]
        for name in names:
            if name.startswith("/") or ".." in name.split("/") or "\\" in name:
                raise RunnerError(f"{self.path} is no backup: it names {name!r}.")
        return [name for name in names if name and not name.endswith("/")]

    def read(self, name):
        """The content of a member, piece by piece (iterator of bytes)."""
        with self._zip.open(name) as member:
            yield from chunks_of(member)

    def verify(self, tell):
        """Read everything and compare it with the hashes.

        :param tell: called with the number of members read so far (int)
        :raises RunnerError: at the first member that is missing or differs
        """
        sums = self._sums()
        extra = set(self._zip.namelist()) - {MANIFEST, SUMS} - sums.keys()
        if extra:
            raise RunnerError(f"{self.path} holds unknown files, e.g. {min(extra)}.")
        for number, (name, expected) in enumerate(sums.items(), 1):
            if self._hash(name) != expected:
                raise self._damaged(name)
            tell(number)

    def _sums(self):
        """Hash by member, as SHA256SUMS says (dict)."""
        if self._hash(SUMS) != self.manifest["sums"]:
            raise self._damaged(SUMS)
        text = self._zip.read(SUMS).decode()
        return {found[2]: found[1] for found in _SUM_LINE.finditer(text)}

    def _hash(self, name):
        """Hash of a member (str); None when it is missing or its bytes are broken."""
        whole = hashlib.sha256()
        with contextlib.suppress(*_BROKEN):
            for chunk in self.read(name):
                whole.update(chunk)
            return whole.hexdigest()
        return None

    def _damaged(self, name):
        return RunnerError(
            f"{self.path} is damaged: {name} is not what was backed up.",
            "Take an older backup, or copy this one again.",
        )


@contextlib.contextmanager
def private_file(path):
    """A file for its owner only that takes its name when the block ends well.

    :param Path path: target
    :returns: the Path to write to, an empty file so far
    """
    fresh = path.with_name(f".{path.name}{UNFINISHED}")
    fresh.unlink(missing_ok=True)
    try:
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield fresh
        with open(fresh, "rb") as handle:
            os.fsync(handle.fileno())
        fresh.replace(path)
    except FileNotFoundError as error:
        raise RunnerError(f"There is no folder {path.parent}.") from error
    finally:
        fresh.unlink(missing_ok=True)
