"""The add-on as files: what its manifest says, and a hash of what a database holds."""

import ast
import hashlib
import os

from .failure import RunnerError
from .plan import FROM_OUTSIDE, is_installed

_SKIPPED_FOLDERS = (".git", "__pycache__", "node_modules")


def manifest(checkout):
    """The add-on's manifest.

    :param Path checkout: the add-on's folder
    :rtype: dict
    """
    path = checkout / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError) as error:
        raise RunnerError(f"{path} cannot be read: {error}") from error


def files(checkout):
    """Relative paths of the add-on's files (sorted list of str)."""
    found = []
    for folder, folders, names in os.walk(checkout):
        folders[:] = [name for name in folders if name not in _SKIPPED_FOLDERS]
        inside = os.path.relpath(folder, checkout)
        found += [os.path.normpath(os.path.join(inside, name)) for name in names]
    return sorted(found)


def installed_digest(checkout):
    """Hash of all files that a database holds after an installation (str)."""
    whole = hashlib.sha256()
    for path in files(checkout):
        if is_installed(path):
            whole.update(path.encode() + b"\0")
            whole.update((checkout / path).read_bytes() + b"\0")
    return whole.hexdigest()[:16]


def test_rooms(checkout):
    """Test files by room: {"segment": ["tests/segment/test_refresh.py"]}."""
    rooms = {}
    for path in files(checkout):
        parts = path.split(os.sep)
        if len(parts) != 3 or parts[0] != "tests" or parts[1] in FROM_OUTSIDE:
            continue
        room = rooms.setdefault(parts[1], [])
        if parts[2].startswith("test_") and parts[2].endswith(".py"):
            room.append("/".join(parts))
    return rooms
