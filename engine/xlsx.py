"""Writing an XLSX file with one sheet, part by part, in little memory.

The rows come as XML that somebody else has made (``row_xml`` shows how): there is no
formula and no link in it, only texts and numbers. The parts are those of ECMA-376.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MAX_CELL = 32_767  # characters
# Styles of the cells by type: index in cellXfs below. Texts stay texts when they are
# edited, so that 0912 keeps its zero.
STYLES = {"header": 1, "text": 2, "date": 3, "datetime": 4, "money": 5, "number": 0}
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the same content gives the same file


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet.

    :param label: what stands in the first row
    :param style: key of ``STYLES``
    :param width: in characters
    """

    label: str
    style: str = "text"
    width: int = 16


def text_xml(text: str) -> str:
    """A text as the content of a cell.

    What XML cannot hold is written as ``_x0007_``, and what looks so is kept apart.
    """
    text = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text[:MAX_CELL])
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cell_start(style: str) -> str:
    """What stands before the content of a cell with a text; ``CELL_END`` after it."""
    return (
        f'<c s="{STYLES[style]}" t="inlineStr"><is><t xml:space="preserve">'
        if STYLES[style]
        else '<c t="inlineStr"><is><t xml:space="preserve">'
    )


CELL_END = "</t></is></c>"


def row_xml(cells: Iterable[str | int | float | None], style: str = "text") -> str:
    """A row of texts and numbers."""
    parts = []
    for cell in cells:
        if isinstance(cell, str) and cell:
            parts.append(cell_start(style) + text_xml(cell) + CELL_END)
        elif isinstance(cell, int | float):
            parts.append(f"<c><v>{cell!r}</v></c>")
        else:
            parts.append("<c/>")
    return f"<row>{''.join(parts)}</row>"


class XlsxFile:
    """An XLSX file that is being written: ``write`` takes XML of rows.

    :param file: binary, to write to
    :param columns: of the sheet; their labels become the first row
    :param name: of the sheet
    :param rtl: whether the first column stands on the right
    """

    def __init__(
        self, file, columns: Sequence[SheetColumn], name: str, *, rtl: bool = False
    ):
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._width = len(columns)
        for path, text in _parts(_sheet_name(name)).items():
            self._zip.writestr(_entry(path), text.encode(), compresslevel=1)
        self._sheet = self._zip.open(
            _entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True
        )
        self._sheet.write(_sheet_head(columns, rtl).encode())

    def write(self, rows: bytes) -> int:  # pylint: disable=method-required-super
        """Add XML of rows in UTF-8, cut anywhere: number of bytes taken."""
        return self._sheet.write(rows)

    def close(self, rows: int) -> None:
        """End the file.

        :param rows: number of rows that were written
        """
        last = f"{_letters(self._width)}{rows + 1}"
        self._sheet.write(
            f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>'.encode()
        )
        self._sheet.close()
        self._zip.close()

    def abandon(self) -> None:
        """Let go of a file that is not going to be whole."""
        self._sheet.close()
        self._zip.close()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _FIXED_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = 1
    return entry


def _letters(number: int) -> str:
    """Name of the n-th column: 1 is A, 27 is AA."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _sheet_name(name: str) -> str:
    """A name as sheets may have one: at most 31 characters, none of ``[]:*?/\\``."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip(" '")[:31] or "Sheet"


def _sheet_head(columns: Sequence[SheetColumn], rtl: bool) -> str:
    sides = ' rightToLeft="1"' if rtl else ""
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{c.width}" style="{STYLES[c.style]}"'
        ' customWidth="1"/>'
        for n, c in enumerate(columns, 1)
    )
    header = row_xml([column.label for column in columns], "header")
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView{sides}'
        ' tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
        ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{widths}</cols>'
        f"<sheetData>{header}"
    )


def _parts(name: str) -> dict[str, str]:
    """The parts of the file beside the sheet: {path: XML}."""
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return {
        "[Content_Types].xml": (
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Override'
            f' PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml"'
            f' ContentType="{types}.worksheet+xml"/><Override PartName="/xl/styles.xml"'
            f' ContentType="{types}.styles+xml"/></Types>'
        ),
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")
        ),
        "xl/workbook.xml": (
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews>'
            "<workbookView/></bookViews><sheets>"
            f'<sheet name="{text_xml(name).replace(chr(34), "&quot;")}" sheetId="1"'
            ' r:id="rId1"/></sheets></workbook>'
        ),
        "xl/styles.xml": _styles(),
    }


def _relations(*targets: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    space = f"{_PACKAGE}/relationships"
    return f'{_HEAD}<Relationships xmlns="{space}">{found}</Relationships>'


def _styles() -> str:
    plain = '<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0"{}/>'
    formats = "".join(
        plain.format(number, ' applyNumberFormat="1"') for number in (49, 164, 165, 4)
    )
    return (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
        '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill><fill><patternFill'
        ' patternType="solid"><fgColor rgb="FFE3F2FD"/></patternFill></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border>'
        '</borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0"'
        ' borderId="0"/></cellStyleXfs><cellXfs count="6">'
        f"{plain.format(0, '')}"
        '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0"'
        ' applyNumberFormat="1" applyFont="1" applyFill="1"/>'
        f'{formats}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0"'
        ' builtinId="0"/></cellStyles></styleSheet>'
    )
