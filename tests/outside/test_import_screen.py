"""A manager imports a spreadsheet on a screen, takes the bad rows, and undoes it."""

import io

import pytest
import xlsxwriter
from browser import new_colleague, until

ROWS = (
    ("id", "name", "phone", "e-mail", "since", "Shoe size {mark}"),
    ("S-1", "سارا احمدی", "+989121112233", "", "03/04/2020", 38),
    ("S-2", "John Brown", "", "john@example.com", "25/12/2021", 44),
    ("S-3", "Nobody", "", "nowhere", "01/02/2022", 40),
    ("S-4", "سارا الف.", "+989121112233", "", "", ""),
    ("S-1", "Again", "", "", "", ""),
)


def spreadsheet(mark):
    """An XLSX file (bytes) whose keys begin with a mark, with a column of its own."""
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw) as book:
        sheet = book.add_worksheet("Customers")
        for number, cells in enumerate(ROWS):
            key = f"{mark}{cells[0]}" if number else cells[0]
            last = cells[-1] if number else cells[-1].format(mark=mark)
            sheet.write_row(number, 0, (key, *cells[1:-1], last))
    return raw.getvalue()


@pytest.mark.parametrize("language", ["en_US", "fa_IR"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_spreadsheet_is_imported_corrected_and_undone(
    product, chromium, pictures, device, language
):
    mark = f"{device}-{language}-"
    with chromium.screen(product.url, device, pictures) as screen:
        screen.log_in(*new_colleague(product, "admin", language))
        screen.open("/odoo/crm-import")
        screen.wait(".o_mini_crm_import_drop")
        screen.shot(f"import-1-file-{language}")
        screen.page.set_input_files(
            ".o_mini_crm_import_input",
            {
                "name": "مشتریان.xlsx",
                "mimeType": "application/vnd.ms-excel",
                "buffer": spreadsheet(mark),
            },
        )
        screen.wait(".o_mini_crm_import_create_fields")
        screen.wait(".o_mini_crm_import_date_read")
        screen.shot(f"import-2-columns-{language}")
        screen.press(".o_mini_crm_import_create_fields")
        screen.wait_until_gone(".o_mini_crm_import_create_fields")
        screen.page.select_option(".o_mini_crm_import_choice_similar", "skip")
        screen.shot(f"import-3-fields-{language}")
        screen.press(".o_mini_crm_import_check")
        screen.wait("[data-state='ready'] [data-count='failed'] [data-value='2']")
        screen.shot(f"import-4-check-{language}")
        screen.press(".o_mini_crm_import_run")
        screen.wait("[data-state='done'] [data-count='created'] [data-value='2']")
        screen.shot(f"import-5-done-{language}")
        with screen.page.expect_download() as download:
            screen.press(".o_mini_crm_import_errors")
        assert download.value.suggested_filename.endswith(".xlsx")
        assert _customers(product, mark) == 2
        screen.press(".o_mini_crm_import_undo")
        screen.wait("[data-state='undone']")
        screen.shot(f"import-6-undone-{language}")
        until(lambda: _customers(product, mark) == 0, "the customers to be gone")
        assert not screen.complaints


def _customers(product, mark):
    (row,) = product.sql(
        f"SELECT count(*) AS n FROM res_partner WHERE ref LIKE '{mark}%'"
    )
    return row["n"]
