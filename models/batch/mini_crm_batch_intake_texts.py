from odoo import models

from ...engine.fields import SLOT_COUNTS


class MiniCrmBatch(models.Model):
    """Bringing in, for the screen: how far it is, what was found, and why not."""

    _inherit = "mini_crm.batch"

    def _problem_texts(self):
        return {
            **super()._problem_texts(),
            "intake_kept": self.env._(
                "This customer has another value here already: it stays. Choose"
                " “Replace” to write over it."
            ),
        }

    def progress(self):
        """Of what is brought in also ``sources``: list of ``label``, the counts
        ``updated``, ``unchanged``, ``skipped``, ``failed``, and ``examples`` (``from``,
        ``to``)."""
        found = super().progress()
        if self.kind != "migration":
            return found
        report, entries = self.report or {}, self.settings["sources"]
        told = report.get("running") if self.started_at else report.get("checking")
        told = told or []
        found["sources"] = [
            {"label": entry["label"], "new": not entry["key"], **one}
            for entry, one in zip(entries, told, strict=False)
        ]
        if self.state in ("checking", "ready"):
            names = ("updated", "unchanged", "skipped", "failed")
            found["counts"] |= {n: sum(one[n] for one in told) for n in names}
        return found

    def _percent(self):
        if self.kind != "migration" or self.state != "checking":
            return super()._percent()
        told = (self.report or {}).get("checking") or []
        names = ("updated", "unchanged", "skipped", "failed")
        looked = sum(one[name] for one in told for name in names)
        return min(99, 100 * looked // (self.total or 1))

    def _intake_warnings(self):
        """What the person should know before he begins: list of sentences."""
        free = self.env["mini_crm.field"]._free_slots()
        left = {kind: len(free.get(kind, ())) for kind in SLOT_COUNTS}
        beyond = []
        for entry in self.settings["sources"]:
            if not entry["key"]:
                left[entry["type"]] -= 1
                if left[entry["type"]] < 0:
                    beyond.append(entry["label"])
        if not beyond:
            return []
        return [
            self.env._(
                "All slots of their type are taken, so these will show on the form,"
                " but cannot be filtered or sorted: %s.",
                ", ".join(beyond),
            )
        ]
