from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .images import Images
from .moving import Mover

MOST = 50  # contacts of one merge
AGENT = "mini_crm.mini_crm_group_agent"


class MiniCrmMerge(models.AbstractModel):
    """Several contacts become one customer, in one transaction; undone likewise.

    What a person is shown before and what is written come from the same functions
    (``_decided``). Managers merge; agents too, whom they may write, and may take back
    what they have merged themselves.
    """

    _name = "mini_crm.merge"
    _description = "Merge of Customers"

    @api.model
    def merge(self, survivor_id, other_ids, choices=None):
        """Merge customers: the survivor gets what the others have (agents).

        :param int survivor_id: who stays
        :param list[int] other_ids: who become him and are archived; together at most 50
        :param dict | None choices: whose value a field gets: {field: id}; fields
            without a choice get the suggested value, see ``look``
        :return: id of the batch, for its undo
        :rtype: int
        :raises UserError: says why these cannot be merged; nothing is written
        """
        survivor, sources = self._checked(survivor_id, other_ids)
        return self._merge(survivor, sources, self._checked_choices(choices)).id

    @api.model
    def undo(self, batch_id):
        """Take a merge back at once (managers; agents: their own; within 30 days).

        What was changed since stays as it is and is listed.

        :param int batch_id: as ``merge`` has given it
        :return: number of details that were left as they are, changed since
        :rtype: int
        :raises UserError: says why it cannot be undone, or what to undo before
        """
        # sudo: agents may not read batches; whose it is is checked here
        batch = self.env["mini_crm.batch"].sudo().browse(int(batch_id)).exists()
        if not batch or batch.kind != "merge":
            raise UserError(self.env._("This merge does not exist any more."))
        if batch.user_id != self.env.user or not self.env.user.has_group(AGENT):
            batch.sudo(False)._check_manager()
            batch.sudo(False).check_access("read")
        batch._check_undo()
        batch._set_undoing(undone_by_id=self.env.uid)
        while batch.state == "undoing":
            batch._as_user()._step(5_000)
        return batch.kept

    # The merge itself

    @api.model
    def _merge(self, survivor, sources, choices=None, *, survivor_first=False):
        """Merge contacts that were checked.

        :param survivor: record of ``res.partner``
        :param sources: records of ``res.partner``
        :param dict | None choices: see ``merge``
        :param bool survivor_first: suggest his own values, as Odoo's own merge does
        :return: the batch, which is done
        """
        self._lock(survivor | sources)
        decided = self._decided(survivor, sources, choices, survivor_first)
        batch = self._new_batch(survivor, sources, choices)
        people = [survivor.id, *sources.ids]
        images = Images(self.env, batch.id, people)
        images.take()
        mover = Mover(self.env, batch.id, survivor.id, sources.ids)
        mover.prepare()
        acting = self.with_context(
            mini_crm_batch_id=batch.id,
            mini_crm_through="merge",
            mini_crm_merge=mover,
            tracking_disable=True,
        )
        acting._move_all(survivor, sources)
        acting._write_decided(survivor, sources, decided)
        acting._retire(survivor, sources, batch)
        images.compare()
        self._finish(batch, survivor, sources, decided)
        return batch

    @api.model
    def _lock(self, partners):
        """Have nobody else write these contacts or refer to them, in order of ids.

        What was noted about them before is followed up first.
        """
        self.env.cr.flush()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT FROM res_partner WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                list(partners.ids),
            )
        )

    @api.model
    def _new_batch(self, survivor, sources, choices):
        # sudo: nobody may write batches but code
        return (
            self.env["mini_crm.batch"]
            .sudo()
            .create(
                {
                    "kind": "merge",
                    "name": self.env._(
                        "%(count)s customers merged into %(name)s",
                        count=len(sources) + 1,
                        name=survivor.display_name,
                    ),
                    "company_id": (survivor.company_id or sources.company_id)[:1].id
                    or self.env.company.id,
                    "started_at": fields.Datetime.now(),
                    "total": len(sources),
                    "settings": {
                        "survivor": survivor.id,
                        "sources": sources.ids,
                        "people": [survivor.id, *sources.ids],
                        "choices": choices or {},
                    },
                }
            )
        )

    def _move_all(self, survivor, sources):
        """Have all references lead to the survivor; rooms do their part of it."""
        wizard = self.env["base.partner.merge.automatic.wizard"]
        survivor, sources = survivor.with_env(self.env), sources.with_env(self.env)
        wizard._update_foreign_keys(sources, survivor)
        wizard._update_reference_fields(sources, survivor)
        self.env.invalidate_all()

    def _retire(self, survivor, sources, batch):
        """Archive the sources, whose ids lead to the survivor from now on.

        An archived survivor is active again if one of them was: nobody vanishes.
        """
        (survivor | sources).with_env(self.env).fetch(["active"])
        active = sources.with_env(self.env).filtered("active")
        if active and not survivor.active:
            survivor.with_env(self.env).write({"active": True})
        active.write({"active": False})
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_redirect (source_id, survivor_id, batch_id)
                SELECT source.id, %s, %s FROM unnest(%s::int[]) source (id)""",
                survivor.id,
                batch.id,
                sources.ids,
            )
        )
        self.env["mini_crm.redirect"].invalidate_model()
        # the figures follow now: what follows from them belongs to the merge
        self.env.cr.flush()
        self.env.invalidate_all()

    def _finish(self, batch, survivor, sources, decided):
        """Note what became of whom; ``before``: the survivor's values before."""
        changed = {
            name: suggestion.reason
            for name, suggestion in decided.items()
            if suggestion.partner_id != survivor.id and suggestion.reason != "same"
        }
        rows = [(1, survivor.id, {"survivor": True, "reasons": changed})]
        rows += [(n, p.id, {"into": survivor.id}) for n, p in enumerate(sources, 2)]
        # sudo: nobody may write the rows of batches but code
        self.env["mini_crm.batch.line"].sudo().create(
            [
                {
                    "batch_id": batch.id,
                    "row": row,
                    "state": "updated",
                    "res_id": partner_id,
                    "values": values,
                }
                for row, partner_id, values in rows
            ]
        )
        batch.write(
            {
                "state": "done",
                "done": len(sources),
                "updated": len(sources),
                "finished_at": fields.Datetime.now(),
            }
        )
        self.env.flush_all()
