# ruff: noqa: T201 - what a test measures is printed
"""Files that are made to hurt: refused within two seconds, and the shop goes on."""

import base64
import http.client
import io
import threading
import time
import zipfile
from pathlib import Path

import pytest
from contract import RpcError
from contract_processes import descendants

SECONDS = 2
GROWTH = 300_000_000  # bytes of all processes together
_BOOK = """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>"""
_RELATIONS = """<Relationships
xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship
Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"
Target="%s"/></Relationships>"""
_SHEET = """<worksheet
xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s
</sheetData></worksheet>"""

_SHARED = """<sst
xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si>
</sst>"""


def package(members):
    """A zip file of {name: text or bytes}."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return raw.getvalue()


def book(sheet, **more):
    """A workbook with one sheet of XML."""
    return package(
        {
            "_rels/.rels": _RELATIONS % ("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": _BOOK,
            "xl/_rels/workbook.xml.rels": _RELATIONS
            % ("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": sheet,
            **more,
        }
    )


def _laughs():
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{"&a%s;" % (n - 1) * 10}">' for n in range(1, 10)
    )
    return f'<?xml version="1.0"?><!DOCTYPE l [{entities}]>' + _SHEET % (
        '<row r="1"><c r="A1" t="str"><v>&a9;</v></c></row>'
    )


def hostile():
    """{name: file}."""
    cell = '<row r="%d"><c r="%s%d"><v>1</v></c></row>'
    return {
        "a gigabyte of blanks": book(_SHEET % (" " * 1_000_000_000)),
        "a bomb in a bomb": book(_SHEET % "", bomb=package({"b": b"0" * 10**8}) * 2),
        "ten thousand sheets": package(
            {f"xl/worksheets/sheet{n}.xml": _SHEET % "" for n in range(10_000)}
        ),
        "a billion laughs": book(_laughs()),
        "two cells at the ends": book(
            _SHEET % (cell % (1, "A", 1) + cell % (1_048_576, "XFD", 1_048_576))
        ),
        "one long text in every cell": book(
            _SHEET
            % "".join(
                f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>'
                for n in range(1, 3_801)
            ),
            **{"xl/sharedStrings.xml": _SHARED % ("😀" * 7_500)},
        ),
        "not a workbook": package({"readme.txt": "hello"}),
        "a damaged one": book(_SHEET % "")[:-40],
        "one endless line": b"x" * 19_900_000,
        "one endless quote": b'id,name\n1,"' + b"x,\n" * 6_000_000,
        "a thousand columns": b",".join([b"c"] * 1_000) + b"\n1\n",
        "zero bytes": b"id,name\n1,a\0b\n",
        "too large": b"id\n" + b"1\n" * 10_500_000,
        "half of a UTF-16 sign": "id,نام\n".encode("utf-16") + b"\x00\xd8",
    }


NAMES = (
    "a gigabyte of blanks",
    "a bomb in a bomb",
    "ten thousand sheets",
    "a billion laughs",
    "two cells at the ends",
    "one long text in every cell",
    "not a workbook",
    "a damaged one",
    "one endless line",
    "one endless quote",
    "a thousand columns",
    "zero bytes",
    "too large",
    "half of a UTF-16 sign",
)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_refused_at_once_and_the_shop_goes_on(product, files, name):
    content = base64.b64encode(files[name]).decode()
    arguments = ("manager", "mini_crm.import", "open_file", "file.xlsx", content)
    first, _message = _open(product, arguments)
    with Memory(product) as memory:  # the first time pays for what stays loaded
        seconds, message = _open(product, arguments)
    seconds = min(first, seconds)  # somebody else may have had the processor
    print(f"{name}: {seconds:.2f} s, {memory.growth / 1e6:+.0f} MB: {message}")
    assert message and len(message) > 20
    assert seconds <= SECONDS
    assert memory.growth <= GROWTH
    assert product.health()["status"] == "ok"


def test_a_request_of_a_gigabyte_is_refused_before_it_is_read(product):
    address = product.url.removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=20)
    began = time.monotonic()
    connection.putrequest("POST", "/json/2/mini_crm.import/open_file")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(1_000_000_000))
    connection.endheaders(b'{"file_name": "')
    status = connection.getresponse().status
    connection.close()
    assert status in (400, 401, 403, 413)
    assert time.monotonic() - began <= SECONDS
    assert product.health()["status"] == "ok"


@pytest.fixture(scope="module")
def files():
    return hostile()


def _open(product, arguments):
    """Try to open a file: (seconds it took, what was said)."""
    began = time.monotonic()
    try:
        product.rpc(*arguments)
    except RpcError as error:
        return time.monotonic() - began, str(error)
    return time.monotonic() - began, ""


class Memory:
    """How much the memory of a product's processes grows at most meanwhile."""

    def __init__(self, product):
        self.root = product.process.pid
        self.growth = 0

    def __enter__(self):
        self._first = self._resident()
        self._end = threading.Event()
        self._watch = threading.Thread(target=self._look)
        self._watch.start()
        return self

    def __exit__(self, *_error):
        self._end.set()
        self._watch.join()

    def _look(self):
        while not self._end.wait(0.02):
            self.growth = max(self.growth, self._resident() - self._first)

    def _resident(self):
        """Bytes of Odoo and its children; PostgreSQL has memory of its own."""
        total = 0
        for pid in descendants(self.root):
            try:
                text = Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue
            if "Name:\tpostgres" in text:
                continue
            lines = [x for x in text.splitlines() if x.startswith("VmRSS")]
            total += sum(int(line.split()[1]) * 1024 for line in lines)
        return total
