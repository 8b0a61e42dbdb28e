"""Files that are no plain table (XLSX, ODS, XLS, JSON): which kind one is, and whether
it may be read.

The bytes come from outside. What is looked at here, before any parser sees the file, is
how much a compressed file becomes and whether its XML has entities of its own: a few
kilobytes can hold gigabytes. Cells come later, in a process that may fail by itself.
"""

import io
import re
import zipfile
import zlib

from .sheet import MAX_BYTES, MAX_TABLE, SheetError

MAX_UNPACKED = 200_000_000
MAX_RATIO = 100  # of all members together
RATIO_FREE = 5_000_000  # unpacked bytes that nobody needs to ask about
MAX_MEMBERS = 2_000  # a workbook has a dozen, and one for each sheet and picture
TABLE_RATIO = 4  # of a table to what the file unpacks to: texts are stored once
_PIECE = 256 * 1024
_LONGEST = len(b"<!DOCTYPE")
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*\"|\[\s*\{)")
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def spreadsheet_kind(raw: bytes) -> str:
    """``xlsx``, ``ods``, ``xls`` or ``json`` by a file's first bytes, else empty."""
    if raw[:4] == b"PK\x03\x04":
        # an ODS says what it is in its first, uncompressed member
        return "ods" if b"opendocument.spreadsheet" in raw[:200] else "xlsx"
    if raw[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "xls"
    return "json" if _JSON.match(raw[:1000]) else ""


def table_limit(unpacked: int) -> int:
    """Bytes that the table of a file may have, by what it unpacks to.

    One long text that thousands of cells refer to makes a small file a huge table.
    """
    return min(MAX_TABLE, MAX_BYTES + TABLE_RATIO * unpacked)


def check_spreadsheet(raw: bytes) -> int:
    """Refuse a spreadsheet that would harm whoever opens it.

    Memory stays flat, and time is that of unpacking ``MAX_UNPACKED`` at most.

    :return: bytes that it unpacks to
    :raises SheetError: broken_archive, locked_archive, archive_bomb, archive_entities
    """
    if spreadsheet_kind(raw) in ("xls", "json"):
        return len(raw)  # nothing in it is compressed
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            members = package.infolist()
            _check_sizes(members, len(raw))
            left = MAX_UNPACKED
            for member in members:
                left -= _check_member(package, member, left)
            return MAX_UNPACKED - left
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise SheetError("broken_archive") from error
    except (NotImplementedError, RuntimeError) as error:
        raise SheetError("locked_archive") from error


def _check_sizes(members: list[zipfile.ZipInfo], size: int) -> None:
    """What the file's directory says of its members; a lie is found out later."""
    unpacked = sum(member.file_size for member in members)
    if (
        len(members) > MAX_MEMBERS
        or unpacked > MAX_UNPACKED
        or (unpacked > RATIO_FREE and unpacked > MAX_RATIO * size)
    ):
        raise SheetError("archive_bomb")
    if any(member.flag_bits & 1 for member in members):
        raise SheetError("locked_archive")


def _check_member(package: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """Unpack a member without keeping it: how many bytes it is.

    :param left: bytes that may still come
    """
    is_xml = member.filename.lower().endswith((".xml", ".rels", ".vml"))
    total, tail = 0, b""
    with package.open(member) as stream:
        while piece := stream.read(_PIECE):
            total += len(piece)
            if total > left:
                raise SheetError("archive_bomb")
            if is_xml:
                # XML may be UTF-16: the same letters with zeros between them
                text = tail + piece.replace(b"\0", b"")
                if _FORBIDDEN.search(text):
                    raise SheetError("archive_entities")
                tail = text[-_LONGEST:]
    return total
