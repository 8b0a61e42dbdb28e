"""The key that tokens are encrypted with: one file for each database, outside of it.

Whoever gets hold of a dump, a replica or an export has no token. The folder is named
by the environment variable MINI_CRM_SECRETS (the runner sets it, and its backups take
the keys along), else it lies in Odoo's data folder.
"""

import contextlib
import logging
import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from odoo.tools import config

_logger = logging.getLogger(__name__)

VARIABLE = "MINI_CRM_SECRETS"
FOLDER = "mini_crm_secrets"  # in Odoo's data folder
FILE = "channels.key"


def key_file(db):
    """Where the key of a database lies (Path); it need not exist.

    :param str db: name of the database
    """
    root = os.environ.get(VARIABLE) or os.path.join(config["data_dir"], FOLDER)
    return Path(root) / db / FILE


def read_key(db):
    """What encrypts and decrypts for a database.

    :rtype: cryptography.fernet.Fernet | None
    :returns: ``None`` when there is no key, or none that could be one
    """
    try:
        return Fernet(key_file(db).read_bytes().strip())
    except (FileNotFoundError, ValueError):
        return None


def unseal(db, what, sealed):
    """The values that the key of a database decrypts; others are told in the log.

    :param str what: name for the log
    :param sealed: encrypted values (list of str), or nothing
    :rtype: list[str]
    """
    key = read_key(db) if sealed else None
    if key is None:
        return []
    values = []
    for value in sealed:
        try:
            values.append(key.decrypt(value.encode()).decode())
        except InvalidToken:
            _logger.info("Secret %s was encrypted with another key", what)
    return values


def make_key(db):
    """As ``read_key``, and makes the key if there is none.

    Two processes that make it at once get the same one. A file that is no key is left
    alone: somebody has put it there.

    :rtype: cryptography.fernet.Fernet | None
    :raises OSError: when it cannot be written
    """
    path = key_file(db)
    if not path.exists():
        root = path.parent.parent
        for folder in (root, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path, root)
    return read_key(db)


def _write_once(path, scratch):
    """Write a new key, whole, unless somebody else was faster."""
    # mkstemp: only its owner may read it
    handle, fresh = tempfile.mkstemp(dir=scratch, prefix=".key.")
    try:
        with open(handle, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        _keep(path.parent)
    finally:
        os.unlink(fresh)


def _keep(folder):
    """Have the disk keep a new name: what is encrypted is lost without the key."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
