"""Reading a table of text (CSV): encoding, delimiter, header, records, limits.

The bytes come from outside: every limit is checked before or while reading.
Nothing here knows what a column means; that is ``columns.py``.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

MAX_BYTES = 20_000_000
MAX_TABLE = 120_000_000  # of what comes out of a spreadsheet
MAX_ROWS = 1_000_000
MAX_COLUMNS = 500
MAX_CELL = 32_767  # characters, as in a spreadsheet
MAX_CELL_LINES = 1_000
DELIMITERS = (",", ";", "\t", "|")
SAMPLE_ROWS = 100
SAMPLE_CELL = 1_000  # characters of a cell that is only looked at

_PIECE = 1_000_000  # bytes that are decoded at once
_ASCII = bytes(range(128))

_ARABIC_RUN = re.compile(rb"[\x80-\xff]{2,}")


class SheetError(ValueError):
    """A file that cannot be read as a table.

    ``code`` says what is wrong, ``detail`` where and with what (plain values).
    Codes: empty, too_large, nul_bytes, broken_utf8, broken_utf16, too_many_rows,
    too_many_columns, cell_too_long, spreadsheet; of spreadsheets: broken_archive,
    locked_archive, archive_bomb, archive_entities, broken_workbook, heavy_workbook.
    """

    def __init__(self, code: str, **detail):
        super().__init__(code)
        self.code = code
        self.detail = detail


class Place(NamedTuple):
    """A place behind a record of a file, from which reading can go on.

    :param row: number of the record, as a spreadsheet counts; 0: none
    :param byte: how many bytes of ``Sheet.data`` lie before the place
    """

    row: int = 0
    byte: int = 0


@dataclass(frozen=True)
class Sheet:
    """A table in a file.

    :param data: the file as UTF-8 without byte order mark
    :param encoding: name of the encoding the file came in
    :param delimiter: one of ``DELIMITERS``
    :param header: names of the columns; empty names where the file has no header
    :param has_header: whether the first record is the header
    """

    data: bytes
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    has_header: bool

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The data rows as (number, cells); blank ones are left out.

        Numbers count as a spreadsheet does: the first record of the file is row 1.
        Every row has as many cells as the header, or more if the file has more in it.

        :raises SheetError: too_many_rows, too_many_columns, cell_too_long
        """
        for place, cells in self.records_after(Place()):
            yield place.row, cells

    def records_after(self, place: Place) -> Iterator[tuple[Place, list[str]]]:
        """The data rows behind a place, as (place behind the row, cells).

        :param place: where an earlier reading has got to
        :raises SheetError: see ``records``; rows are counted from the place on
        """
        width = len(self.header)
        found = 0
        # the header is the first record that is not blank
        before = self.has_header and not place.row
        for behind, cells in _read(self.data, self.delimiter, place):
            if not any(map(str.strip, cells)):
                continue
            if before:
                before = False
                continue
            found += 1
            if found > MAX_ROWS:
                raise SheetError("too_many_rows", limit=MAX_ROWS)
            if len(cells) < width:
                cells += [""] * (width - len(cells))
            yield behind, cells


def open_sheet(
    raw: bytes,
    *,
    delimiter: str = "",
    has_header: bool | None = None,
    limit: int = MAX_BYTES,
) -> Sheet:
    """Find out how a file is written.

    :param raw: the file
    :param delimiter: the person's choice, if any
    :param has_header: the person's choice, if any
    :param limit: bytes that it may have
    :raises SheetError: see there
    """
    if len(raw) > limit:
        raise SheetError("too_large", limit=limit, size=len(raw))
    if raw[:4] == b"PK\x03\x04" or raw[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise SheetError("spreadsheet")
    data, encoding = to_utf8(raw)
    if b"\0" in data:
        raise SheetError("nul_bytes", row=data[: data.index(b"\0")].count(b"\n") + 1)
    if not data or data.isspace():
        raise SheetError("empty")
    delimiter = delimiter or guess_delimiter(data)
    sample = _sample(data, delimiter)
    if not sample:
        raise SheetError("empty")
    width = max(map(len, sample))
    if has_header is None:
        has_header = looks_like_header(sample)
    names = sample[0] if has_header else []
    header = tuple(names[i].strip() if i < len(names) else "" for i in range(width))
    return Sheet(data, encoding, delimiter, header, has_header)


def to_utf8(raw: bytes) -> tuple[bytes, str]:
    """The file as UTF-8 without byte order mark, and the encoding it came in.

    UTF-8, UTF-16 by mark or by its pattern of zero bytes, else Windows-1256 when the
    high bytes stand in runs as in Persian and Arabic words, else Windows-1252, else
    Latin-1 (which every file can be read as).

    :raises SheetError: broken_utf8, broken_utf16
    """
    if raw.startswith(b"\xef\xbb\xbf"):
        raw, encoding = raw[3:], "utf-8-sig"
    else:
        encoding = _utf16_kind(raw) or "utf-8"
    if encoding.startswith("utf-16"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            raise SheetError("broken_utf16", position=error.start) from error
        return text.removeprefix("\ufeff").encode("utf-8"), encoding
    broken = _broken_utf8(raw)
    if broken >= 0:
        if encoding == "utf-8-sig" or _mostly_utf8(raw):
            row = raw.count(b"\n", 0, broken) + 1
            raise SheetError("broken_utf8", row=row)
        return _from_code_page(raw)
    return raw, encoding


def _pieces(raw: bytes) -> Iterator[tuple[int, memoryview]]:
    """The bytes in pieces, each with its place, cut where no UTF-8 sign is.

    A text of signs beyond 16 bits takes four times its bytes when it is decoded whole.
    """
    view = memoryview(raw)
    begin = 0
    while begin < len(raw):
        end = min(begin + _PIECE, len(raw))
        for _follower in range(3):
            if end < len(raw) and raw[end] & 0xC0 == 0x80:
                end -= 1
        yield begin, view[begin:end]
        begin = end


def _broken_utf8(raw: bytes) -> int:
    """Place of the first byte that is not UTF-8, -1 if there is none."""
    for begin, piece in _pieces(raw):
        try:
            str(piece, "utf-8")
        except UnicodeDecodeError as error:
            return begin + error.start
    return -1


def _high_bytes(raw: bytes) -> int:
    return len(raw.translate(None, _ASCII))


def _utf16_kind(raw: bytes) -> str:
    """``utf-16-le`` or ``utf-16-be`` when the bytes look so, else empty."""
    if raw.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if raw.startswith(b"\xfe\xff"):
        return "utf-16-be"
    head = raw[:2000]
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd > len(head) / 5 and not even:
        return "utf-16-le"
    if even > len(head) / 5 and not odd:
        return "utf-16-be"
    return ""


def _mostly_utf8(raw: bytes) -> bool:
    """Whether the high bytes are UTF-8 but for a few broken ones."""
    broken = sum(
        str(piece, "utf-8", "replace").count("\ufffd") for _begin, piece in _pieces(raw)
    )
    return broken * 20 < _high_bytes(raw)


def _from_code_page(raw: bytes) -> tuple[bytes, str]:
    """Bytes of an eight-bit code page as UTF-8, and the name of the page."""
    high = _high_bytes(raw)
    in_runs = sum(run.end() - run.start() for run in _ARABIC_RUN.finditer(raw))
    pages = ("cp1256",) if in_runs * 2 > high else ("cp1252", "latin-1")
    for page in pages:
        try:
            return raw.decode(page).encode("utf-8"), page
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1").encode("utf-8"), "latin-1"


def guess_delimiter(data: bytes) -> str:
    """The delimiter that cuts the first records into the most equal columns."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = Counter(map(len, _sample(data, delimiter)))
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        score = (times / widths.total() if width > 1 else 0.0, width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def looks_like_header(sample: list[list[str]]) -> bool:
    """Whether the first record names the columns: words only, each name once."""
    names = [cell.strip() for cell in sample[0] if cell.strip()]
    if not names or len({name.casefold() for name in names}) < len(names):
        return False
    return not any("@" in name or _mostly_digits(name) for name in names)


def _mostly_digits(text: str) -> bool:
    return sum(map(str.isdigit, text)) * 2 >= len(text)


def clip(cells: list[str]) -> list[str]:
    """The beginnings of cells, of rows that are kept only to look at them."""
    return [cell[:SAMPLE_CELL] for cell in cells]


def _sample(data: bytes, delimiter: str) -> list[list[str]]:
    """The first records that are not blank; a broken one ends the sample."""
    found: list[list[str]] = []
    try:
        for _place, cells in _read(data, delimiter, Place()):
            if any(map(str.strip, cells)):
                found.append(clip(cells))
            if len(found) >= SAMPLE_ROWS:
                break
    except SheetError:
        if not found:
            raise
    return found


def _read(
    data: bytes, delimiter: str, place: Place
) -> Iterator[tuple[Place, list[str]]]:
    """Every record behind a place, within the limits, and the place behind it."""
    number, byte = place
    line, begin = 0, byte

    def lines() -> Iterator[str]:
        nonlocal byte
        stream = io.BytesIO(data)
        stream.seek(byte)
        # while a record is read: a quotation mark may swallow all that follows
        for text in io.TextIOWrapper(stream, "utf-8", newline=""):
            if reader.line_num - line >= MAX_CELL_LINES:
                raise SheetError("cell_too_long", row=number + 1, limit=MAX_CELL)
            byte += len(text if text.isascii() else text.encode())
            yield text

    reader = csv.reader(lines(), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, place.row + 1):
            if len(cells) > MAX_COLUMNS:
                raise SheetError("too_many_columns", row=number, limit=MAX_COLUMNS)
            if byte - begin > MAX_CELL and len(max(cells, key=len)) > MAX_CELL:
                raise SheetError("cell_too_long", row=number, limit=MAX_CELL)
            line, begin = reader.line_num, byte
            yield Place(number, byte), cells
    except csv.Error as error:
        raise SheetError("cell_too_long", row=number + 1, limit=MAX_CELL) from error
