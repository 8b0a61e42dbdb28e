from odoo import api, fields, models

from ...engine.slot_indexes import slot_indexes
from . import slot_index_builder

KEY = "mini_crm.slot_indexes"
DECIDING = frozenset({"slot", "active", "show_in_filter"})


class MiniCrmField(models.Model):
    """A slot has indexes while it is offered as a filter and anybody has a value.

    They are made and dropped by a thread of their own, woken after the commit
    (``slot_index_builder``); nobody who defines a field waits for them.
    """

    _inherit = "mini_crm.field"

    index_state = fields.Selection(
        [
            ("none", "Without index"),
            ("preparing", "Being prepared"),
            ("partly", "Ready, except for parts of words"),
            ("ready", "Ready"),
        ],
        "Filter",
        compute="_compute_index_state",
        help="Whether filtering by this field is fast already. Parts of words need"
        " the extension pg_trgm of PostgreSQL.",
    )

    @api.depends(*DECIDING)
    def _compute_index_state(self):
        self.flush_model(DECIDING)
        letters = slot_index_builder.letters(self.env.registry)
        existing = slot_index_builder.existing(self.env.cr)
        ready = {name for name, (valid, _definition) in existing.items() if valid}
        slots = [slot for slot in self.mapped("slot") if slot]
        self.env["res.partner"].flush_model(slots)
        filled = slot_index_builder.filled(self.env.cr, slots)
        for definition in self:
            definition.index_state = definition._index_state(letters, ready, filled)

    def _index_state(self, letters, ready, filled):
        """``index_state`` of one definition.

        :param letters: see ``slot_index_builder.letters``
        :param set ready: names of the indexes that can be used
        :param list filled: slots in which anybody has a value
        """
        if not (self.slot and self.active and self.show_in_filter):
            return "none"
        if self.slot not in filled:
            return "ready"
        names = set(slot_indexes(self.slot, letters))
        if not names <= ready:
            return "preparing"
        searched = names == set(slot_indexes(self.slot, letters or "{}"))
        return "ready" if searched else "partly"

    @api.model_create_multi
    def create(self, vals_list):
        definitions = super().create(vals_list)
        definitions._want_indexes()
        return definitions

    def write(self, vals):
        result = super().write(vals)
        if not DECIDING.isdisjoint(vals):
            self._want_indexes()
        return result

    def unlink(self):
        result = super().unlink()
        self._want_indexes()
        return result

    def _want_indexes(self):
        """Wake the job after this commit, once for all that is changed until then."""
        precommit = self.env.cr.precommit
        if KEY not in precommit.data:
            precommit.data[KEY] = True
            precommit.add(self.browse()._wake_index_job)

    @api.model
    def _wake_index_job(self):
        self.env.cr.precommit.data.pop(KEY, None)
        # sudo: whoever defines a field may have the job run, not change it
        job = self.env.ref(
            "mini_crm.ir_cron_mini_crm_field_index", raise_if_not_found=False
        )
        if job:  # while the add-on is being installed, it comes later
            job.sudo()._trigger()

    @api.model
    def _cron_indexes(self):
        """Compare the indexes with the definitions, and have the difference made.

        Also repairs what a crash or somebody by hand has left.
        """
        if any(slot_index_builder.outstanding(self.env.cr, self.env.registry)):
            slot_index_builder.start(self.env.cr.dbname)

    @api.model
    def _build_indexes(self):
        """Bring the indexes up to date and wait for it, as a program or a shell may.

        Commits: inside a transaction it would wait for itself.

        :return: whether everything is done (bool)
        """
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return slot_index_builder.build(self.env.cr.dbname)
