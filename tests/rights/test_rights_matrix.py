"""Who may do what: generated, and compared with the reviewed files beside this one.

A new model, public method or route without its reviewed line fails. To write the files
anew after a change, review the difference and commit it:
``MINI_CRM_WRITE_RIGHTS=1 ./run test rights``.
"""

import csv
import io
import os
from pathlib import Path

from odoo.http import _generate_routing_rules
from odoo.tests import new_test_user, tagged

from ..common import MiniCrmCase
from .samples import SAMPLES

HERE = Path(__file__).parent
ADDON = "odoo.addons.mini_crm."
OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestRightsMatrix(MiniCrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        cls.roles = {
            "agent": cls.agent,
            "manager": cls.manager,
            "admin": cls.admin,
            "employee": new_test_user(cls.env, "mini_employee", "base.group_user"),
            "portal": cls.portal,
            "public": cls.env.ref("base.public_user"),
        }

    def compare(self, name, header, rows):
        """Compare generated rows with the reviewed file, or write it when asked to."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(sorted(rows))
        path = HERE / name
        if os.environ.get("MINI_CRM_WRITE_RIGHTS"):
            path.write_text(text.getvalue())
        reviewed = path.read_text().splitlines()
        generated = text.getvalue().splitlines()
        self.assertEqual(
            sorted(set(generated) - set(reviewed)), [], f"not in {name}: review and add"
        )
        self.assertEqual(
            sorted(set(reviewed) - set(generated)), [], f"{name}: no longer so"
        )

    def models(self):
        """Stored models that this add-on defines."""
        return {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "mini_crm" and not model._abstract
        }

    def test_each_role_may_do_what_was_reviewed(self):
        transient = {m for m in self.models() if self.env[m]._transient}
        self.assertEqual(self.models() - transient, set(SAMPLES))
        rows = []
        for name in self.models() - transient:
            for where, company in (
                ("own", self.company),
                ("other", self.other_company),
            ):
                sample = SAMPLES[name](self.env, company)
                self.env.flush_all()
                rows += [
                    (name, role, where, *self.allowed(sample, user))
                    for role, user in self.roles.items()
                ]
        for name in transient:
            rows += [
                (name, role, "own", *self.allowed(self.env[name], user))
                for role, user in self.roles.items()
            ]
        header = ("model", "role", "company", *OPERATIONS)
        self.compare("matrix.csv", header, rows)

    def allowed(self, sample, user):
        """1 or 0 for each operation of a user on a record."""
        self.env.invalidate_all()
        record = sample.with_user(user)
        return [str(int(record.has_access(operation))) for operation in OPERATIONS]

    def test_public_methods_are_the_reviewed_ones(self):
        rows = set()
        for name, model in self.env.registry.items():
            own = [c for c in model.mro() if c.__module__.startswith(ADDON)]
            others = [c for c in model.mro() if not c.__module__.startswith(ADDON)]
            known = {n for c in others for n in vars(c)}
            rows |= {
                (name, method)
                for cls in own
                for method, function in vars(cls).items()
                if callable(function)
                and not method.startswith("_")
                and method not in known
                and not getattr(function, "_api_private", False)
                and model._name not in ("res.users",)
            }
        self.compare("public_methods.csv", ("model", "method"), rows)

    def test_routes_are_the_reviewed_ones(self):
        rows = {
            (url, endpoint.routing["type"], endpoint.routing["auth"])
            for url, endpoint in _generate_routing_rules(["mini_crm"], False)
            if endpoint.func.__module__.startswith(ADDON)
        }
        self.compare("routes.csv", ("route", "type", "auth"), rows)

    def test_our_fields_on_contacts_are_for_internal_users(self):
        for model in ("res.partner", "res.users"):
            for name, field in self.env[model]._fields.items():
                if field._module == "mini_crm" or (
                    field.inherited and field.related_field._module == "mini_crm"
                ):
                    self.assertIn(
                        field.groups,
                        ("base.group_user", "mini_crm.mini_crm_group_agent"),
                        f"{model}.{name}",
                    )
