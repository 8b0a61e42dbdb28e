"""A real spreadsheet opens our files: it calculates nothing that people have written.

Needs LibreOffice, which nothing of the product does: install Debian's
``libreoffice-calc`` by hand. Without it this test says so and is skipped; the lexical
rule and "no ``<f>``" are proven in ``tests/export`` in any case.
"""

import shutil
import subprocess

import pytest

SOFFICE = shutil.which("soffice")
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", " =1+1", "\uff1d1+1", "=A1"]
FORMULAS += ['=HYPERLINK("http://x.example";"a")', "'=1+1", "=cmd|' /C calc'!A0"]


@pytest.mark.skipif(not SOFFICE, reason="there is no LibreOffice (soffice) on PATH")
@pytest.mark.parametrize("kind", ["xlsx", "csv", "csv_import"])
def test_a_spreadsheet_calculates_nothing_that_people_wrote(product, kind, tmp_path):
    refs = [f"SHEET-{kind}-{number}" for number in range(len(FORMULAS))]
    rows = [{"name": text, "ref": r} for text, r in zip(FORMULAS, refs, strict=True)]
    product.rpc("manager", "res.partner", "create", rows)
    product.drain()
    domain = [["ref", "in", refs]]
    content = product.export(kind, domain, columns=["ref", "name"])
    file = tmp_path / f"customers.{kind.partition('_')[0]}"
    file.write_bytes(content)
    done = subprocess.run(
        [SOFFICE, "--headless", "--convert-to", "fods", "--outdir", tmp_path, file],
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    document = (tmp_path / "customers.fods").read_text()
    assert "table:formula" not in document
    assert "xlink:href" not in document
    assert document.count(f"SHEET-{kind}-") == len(FORMULAS)
