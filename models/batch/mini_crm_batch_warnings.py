from odoo import models
from odoo.tools import SQL, format_date


class MiniCrmBatch(models.Model):
    """What a person should know before an import runs, beyond the bad rows."""

    _inherit = "mini_crm.batch"

    def _warnings(self):
        """Sentences in the user's language: list of str."""
        found = [self._warning_imported_before(), *self._warnings_reading()]
        if self.kind == "import_purchases":
            found += [self._warning_new_customers(), *self._warnings_currencies()]
        return [text for text in found if text]

    def _warning_imported_before(self):
        before = self.search(
            [
                ("file_hash", "=", self.file_hash),
                ("kind", "=", self.kind),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("done", "running")),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if not before:
            return ""
        return self.env._(
            "This very file was imported before (%(name)s, %(date)s). Importing it"
            " again changes only what has changed since.",
            name=before.name,
            date=format_date(self.env, before.started_at or before.create_date),
        )

    def _warnings_reading(self):
        """Readings that the file leaves open."""
        doubts = set(self.settings.get("doubts") or ())
        fields_ = set(self.settings["mapping"].values())
        dates = {"date", "since", *self._custom_of("date")}
        if "date_order" in doubts and fields_ & dates:
            order = {
                "dmy": self.env._("day, month, year"),
                "mdy": self.env._("month, day, year"),
                "ymd": self.env._("year, month, day"),
            }[self.settings["date_order"]]
            yield self.env._(
                "The dates in the file can be read in two ways. They are read as %s.",
                order,
            )
        numbers = {"amount", *self._custom_of("number")}
        if "decimal" in doubts and fields_ & numbers:
            yield self.env._(
                "Numbers like 1,234 can be read in two ways. The decimal mark is"
                " taken to be “%s”.",
                self.settings["decimal"],
            )

    def _warning_new_customers(self):
        """How many customers the purchases will create."""
        if not self.settings.get("create_customers"):
            return ""
        self.env.cr.execute(
            SQL(
                """SELECT count(DISTINCT k.customer) FROM (
                    SELECT l.values ->> 'customer' AS customer
                    FROM mini_crm_batch_line l
                    WHERE l.batch_id = %(batch)s AND l.state = 'waiting') k
                CROSS JOIN LATERAL (SELECT split_part(k.customer, ':', 1) AS kind,
                    substr(k.customer, strpos(k.customer, ':') + 1) AS value) s
                WHERE NOT EXISTS (SELECT FROM res_partner p WHERE s.kind = 'ref'
                        AND p.ref = s.value AND %(fits)s)
                    AND NOT EXISTS (SELECT FROM res_partner p WHERE s.kind = 'email'
                        AND p.email_normalized = s.value AND %(fits)s)
                    AND NOT EXISTS (SELECT FROM res_partner p WHERE s.kind = 'phone'
                        AND p.phone_sanitized = s.value AND %(fits)s)
                """,
                batch=self.id,
                fits=SQL(
                    """p.type = 'contact'
                    AND (p.company_id IS NULL OR p.company_id = %s)""",
                    self.company_id.id,
                ),
            )
        )
        number = self.env.cr.fetchone()[0]
        if not number:
            return ""
        return self.env._(
            "%s customers of the file are not known yet and will be created.",
            f"{number:,}",
        )

    def _warnings_currencies(self):
        """Which currencies are switched on, have no rate, or are taken for granted."""
        self.env.cr.execute(
            SQL(
                """SELECT r.id, r.name, r.active,
                    EXISTS (SELECT FROM res_currency_rate e WHERE e.currency_id = r.id
                        AND (e.company_id IS NULL OR e.company_id = %s))
                FROM res_currency r WHERE r.name IN (
                    SELECT DISTINCT l.values ->> 'currency' FROM mini_crm_batch_line l
                    WHERE l.batch_id = %s AND l.state = 'waiting')
                ORDER BY r.name""",
                self.company_id.root_id.id,
                self.id,
            )
        )
        found = self.env.cr.fetchall()
        own = self.company_id.currency_id
        asleep = [name for _id, name, active, _rated in found if not active]
        if asleep:
            yield self.env._(
                "Currencies that are switched off will be switched on: %s.",
                ", ".join(asleep),
            )
        unrated = [n for i, n, _active, rated in found if not rated and i != own.id]
        if unrated:
            yield self.env._(
                "There is no exchange rate for %(currencies)s: its amounts count 1:1 as"
                " %(own)s. Enter a rate first if that is wrong.",
                currencies=", ".join(unrated),
                own=own.name,
            )
        if "currency" in (self.settings.get("doubts") or ()) and any(
            name == "IRR" for _id, name, _active, _rated in found
        ):
            yield self.env._(
                "The file does not say whether its amounts are Rial or Toman. They are"
                " taken for Rial."
            )
