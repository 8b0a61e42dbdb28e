import base64
import os
import random

from odoo.tests import tagged

from ..factories import make_customer
from .batch_case import BatchCase, csv_text

FILES = 150 if os.environ.get("MINI_CRM_FULL") else 12
NAMES = ("Sara", "Ali", "=1+1", "", "x" * 50, "[clear]")
PHONES = ("", "09121111111", "09122222222", "+989123333333", "12", "[clear]")
EMAILS = ("", "a@x.com", "B@x.com", "c@x.com", "nobody", "[clear]")
CITIES = ("", "Yazd", "Qom", "[clear]")
TAGS = ("", "VIP", "New one; VIP")
SINCE = ("", "2020-01-31", "03/04/2020", "2999-01-01")


@tagged("post_install", "-at_install")
class TestBatchCheckIsRun(BatchCase):
    """Whatever the file and the choices, the check says what the run does."""

    def test_the_report_of_the_check_is_that_of_the_run(self):
        for seed in range(FILES):
            with self.subTest(seed=seed):
                chance = random.Random(seed)
                self.env.cr.execute("SAVEPOINT a_file")
                self._compare(chance)
                self.settle()  # what follows of a batch must not outlive it
                self.env.cr.execute("ROLLBACK TO SAVEPOINT a_file")
                self.env.invalidate_all()

    def _compare(self, chance):
        self._shop(chance)
        wizard, batch = self._open(chance)
        size = chance.choice((1, 3, 5000))
        self.work(batch, size)
        checked = self._report(batch)
        state = batch.state
        wizard.run()
        self.work(batch, chance.choice((1, 2, 5000)))
        self.assertEqual((state, batch.state), ("ready", "done"))
        self.assertEqual(self._report(batch), checked)
        self._check_rows(batch)

    def _shop(self, chance):
        """Some customers, some of them alike."""
        for number in range(chance.randrange(6)):
            make_customer(
                self.env,
                name=chance.choice(NAMES) or "Somebody",
                ref=chance.choice(("", f"R{number}")),
                email=chance.choice(EMAILS[:4]) or False,
                phone=chance.choice(PHONES[:4]) or False,
                city=chance.choice(CITIES[:3]) or False,
            )
        self.settle()

    def _open(self, chance):
        """A file with random rows and choices, being checked."""
        header = ["id", "name", "phone", "e-mail", "city", "tags", "since"]
        rows = [
            [
                chance.choice(("", *(f"R{n}" for n in range(8)))),
                *(chance.choice(c) for c in (NAMES, PHONES, EMAILS, CITIES)),
                *(chance.choice(c) for c in (TAGS, SINCE)),
            ]
            for _number in range(chance.randrange(1, 14))
        ]
        raw = csv_text([header, *rows, ["R99", "Last", *[""] * 5]]).encode()
        model = self.env(user=self.manager)["mini_crm.import"]
        found = model.open_file("any.csv", base64.b64encode(raw).decode())
        wizard = model.browse(found["id"])
        wizard.check(
            {
                **found["settings"],
                "mapping": {str(c["index"]): c["field"] for c in found["columns"]},
                "key": chance.choice(("ref", "email", "phone", "any", "any")),
                "existing": chance.choice(("update", "update", "skip", "create")),
                "missing": chance.choice(("create", "create", "skip")),
                "similar": chance.choice(("create", "skip")),
                "repeated": chance.choice(("first", "last")),
            }
        )
        return wizard, self.env["mini_crm.batch"].browse(found["batch_id"])

    def _report(self, batch):
        """Counts, and the rows with a message as the screen shows them."""
        batch.invalidate_recordset()
        told = batch.with_user(self.manager).progress()
        rows = [{n: v for n, v in row.items() if n != "id"} for row in told["rows"]]
        return told["counts"], rows, told["row_count"]

    def _check_rows(self, batch):
        """What the lines say is what stands in the database."""
        self.counts(batch)
        created = batch.line_ids.filtered(lambda line: line.state == "created")
        partners = self.env["res.partner"].browse(created.mapped("res_id"))
        self.assertEqual(len(partners.exists()), len(created))
        self.env.cr.execute(
            "SELECT count(*) FROM mini_crm_event"
            " WHERE batch_id = %s AND type = 'customer_created'",
            [batch.id],
        )
        self.assertGreaterEqual(self.env.cr.fetchone()[0], len(created))
