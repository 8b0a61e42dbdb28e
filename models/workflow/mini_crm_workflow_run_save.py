from psycopg2 import IntegrityError

from odoo import models
from odoo.exceptions import UserError

from ...engine.people import ContactError, parse_email, parse_phone
from ...engine.text import clean
from ...engine.workflow import Performed
from .races import is_race

NAME_LENGTH = 128
EMPTIED = ("email", "phone")  # basic fields that a customer need not have


class MiniCrmWorkflowRun(models.Model):
    """What runs save at their customer: by the rules of the fields, and told."""

    _inherit = "mini_crm.workflow.run"

    def _do_save(self, command):
        """Save a value: edge ``invalid`` with the code of why it is refused.

        A workflow that is told to write nothing empties the field. One whose text comes
        to nothing for this customer does so in custom fields only: an answer that is
        missing takes away neither phone nor e-mail.
        """
        value = command.value
        if isinstance(value, list):
            return Performed()  # files, which are kept when the message is heard
        if command.empties and command.name in EMPTIED:
            return self._save_basic(command.name, None)
        if command.fill:
            value = self._filled(value) or None
        try:
            if command.name in ("name", "email", "phone"):
                return getattr(self, f"_save_{command.name}")(value or "")
            return self._save_custom(command.name, value)
        except ContactError as error:
            return self._refused(error.code)
        except UserError as error:  # another rule, of whoever has made one
            return self._refused("refused", str(error))
        except IntegrityError as error:  # such a rule in the database
            if is_race(error):
                raise
            words = self.env["res.partner"]._sql_error_to_message(error)
            return self._refused("refused", words)

    def _save_custom(self, key, value):
        partner = self._customer()
        if key not in self.env["mini_crm.field"]._rules():
            # archived or deleted since: the answer stays with the run
            self._note(not_saved="field_gone")
            return Performed()
        vals, problems = partner._custom_problems({key: value})
        if problems:
            return self._refused(problems[0]["code"], problems[0]["message"])
        old = partner._custom_values()[partner.id].get(key)
        self._write_customer(vals)
        new = partner._custom_values()[partner.id].get(key)
        return self._saved(key, old, new)

    def _save_name(self, value):
        name = clean(value)
        if not name:
            return self._refused("answer_empty")
        if len(name) > NAME_LENGTH:
            return self._refused("text_long")
        return self._save_basic("name", name)

    def _save_email(self, value):
        return self._save_basic("email", parse_email(value)[0])

    def _save_phone(self, value):
        """Save a phone number, unless it is proved to be somebody else's.

        Whoever else has the number is suggested to be the same customer.
        """
        region = self._customer()._phone_region({})
        shown, number = parse_phone(value, region)
        # sudo: where a run stands is the machine's, and so is whom it suggests
        identity = self.sudo().identity_id or self._conversations("").sudo()[:1]
        if identity and identity.phone != number:
            others = identity._customers_with("phone_sanitized", [number])
            if others:
                identity._suggest(others[0], "phone_in_text")
            proved = identity.search_count(
                [("phone", "=", number), ("partner_id", "in", others.ids)], limit=1
            )
            if proved:
                self._note(not_saved="phone_of_another")
                return Performed()
        return self._save_basic("phone", shown)

    def _save_basic(self, name, value):
        partner = self._customer()
        old = partner[name] or None
        if old != value:
            self._write_customer({name: value or False})
        return self._saved(name, old, value)

    def _write_customer(self, vals):
        """Write at the customer, with the event that tells of it and of this run."""
        partner = self._customer().with_context(
            mini_crm_document=("mini_crm.workflow.run", self.id)
        )
        with self.env.cr.savepoint():
            partner.write(vals)
            # sudo: the log must tell the truth whatever the writer may read
            partner.sudo()._log_changes()

    def _saved(self, name, old, new):
        """Have the log of the run tell what was saved."""
        self._note(saved={"field": name, "old": _as_json(old), "new": _as_json(new)})
        return Performed()

    def _refused(self, code, words=""):
        self._note(refused={"code": code, **({"words": words} if words else {})})
        return Performed("invalid", code)


def _as_json(value):
    return value.isoformat() if hasattr(value, "isoformat") else value
