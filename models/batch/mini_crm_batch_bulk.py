from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.text import ascii_digits
from .bulk_action import BulkAction
from .mini_crm_batch import MANAGER

# What a set of customers is known by: how many, and a sum over hashes of their ids.
FINGERPRINT = SQL(
    "count(*)::int, coalesce(sum(hashint8extended(partner_id, 0)), 0)::text"
)


class MiniCrmBatch(models.Model):
    """Bulk changes: one action on all customers that a filter finds.

    The customers are a snapshot, taken on the server as the user who asks: a preview
    plans the whole of it and tells the effect and its fingerprint; the start takes it
    anew and refuses when it is not the same. What is particular to an action are four
    methods, all but the first over the rows of ``mini_crm_chunk``:
    ``_bulk_read_<action>(values)`` checks what a person has chosen,
    ``_bulk_plan_<action>()`` gives rows an outcome or their values before,
    ``_bulk_apply_<action>()`` writes the others, ``_bulk_undo_<action>()`` takes it
    back. See ``mini_crm_batch_bulk_run.py`` for what they are called with. What a
    preview must not write, ``_bulk_begin_<action>(settings)`` writes at the start, if
    there is one; it returns the settings.
    """

    _inherit = "mini_crm.batch"

    kind = fields.Selection(
        selection_add=[("bulk", "Change of many customers")],
        ondelete={"bulk": "cascade"},
    )

    @api.model
    def _bulk_actions(self):
        """Extension list: what can be done with many customers at once, in order.

        :return: {key: BulkAction}
        :rtype: dict
        """
        _ = self.env._
        tag, field, user = "tag", "field", "user"
        return {
            "tag_add": BulkAction(_("Put on a tag"), "fa-tag", tag),
            "tag_remove": BulkAction(_("Take off a tag"), "fa-eraser", tag),
            "field": BulkAction(_("Fill in a field"), "fa-pencil", field),
            "owner": BulkAction(_("Give to a colleague"), "fa-user", user),
            "segment_add": BulkAction(_("Put into a segment"), "fa-users", "segment"),
            "segment_remove": BulkAction(
                _("Take out of a segment"), "fa-user-times", "segment"
            ),
            "stage": BulkAction(_("Set the journey stage"), "fa-road", "stage"),
            "task": BulkAction(_("Make a task"), "fa-check-square-o", "task", size=200),
            "message": BulkAction(
                _("Write a message"), "fa-paper-plane", "text", size=200, undo=False
            ),
            "archive": BulkAction(_("Archive"), "fa-archive"),
            "unarchive": BulkAction(_("Bring back from the archive"), "fa-folder-open"),
            "delete": BulkAction(_("Delete"), "fa-trash", typed=True),
        }

    @api.model
    def _bulk_action(self, key):
        """:raises UserError: if there is no such action"""
        actions = self._bulk_actions()
        if key not in actions:
            raise UserError(
                self.env._(
                    "There is no bulk action “%(key)s”. Choose one of: %(keys)s.",
                    key=key,
                    keys=", ".join(actions),
                )
            )
        return actions[key]

    # What is asked for

    @api.model
    def _bulk_settings(self, key, values):
        """What is to be done, checked and in its stored form: dict.

        :param str key: of ``_bulk_actions``
        :param dict values: what the person has chosen
        :raises UserError: says what is missing or wrong
        """
        self._check_manager()
        self.env["res.partner"].check_access("write")
        action = self._bulk_action(key)
        if action.opens:
            raise UserError(self.env._("“%s” has a screen of its own.", action.label))
        if not isinstance(values or {}, dict):
            raise UserError(self.env._("The values must be given by their names."))
        read = getattr(self, f"_bulk_read_{key}")(values or {})
        return {**read, "action": key, "companies": self.env.companies.ids}

    @api.model
    def _bulk_customers(self, domain):
        """Select of ``partner_id`` of the contacts that a filter finds for the user.

        :raises UserError: if it is no filter
        """
        partners = self.env["res.partner"]
        try:
            query = partners._search(Domain(domain or []))
        except (ValueError, TypeError, KeyError) as error:
            raise UserError(
                self.env._("This filter cannot be read: %s", error)
            ) from error
        self.env.flush_all()
        return query.select(SQL("%s AS partner_id", SQL.identifier(query.table, "id")))

    # Before

    @api.model
    def _bulk_preview(self, key, domain, values):
        """What an action would do; nothing is written.

        :return: ``{"count", "hash", "changed", "already", "left_out", "typed",
            "undo"}``; ``left_out`` is a list of ``{"count", "reason"}``
        :rtype: dict
        """
        settings = self._bulk_settings(key, values)
        action = self._bulk_action(key)
        customers = self._bulk_customers(domain)
        batch = self.new({"kind": "bulk", "settings": settings})
        batch._open_bulk(
            SQL(
                """SELECT row_number() OVER ()::int AS id, 0 AS row, partner_id,
                    NULL::jsonb AS before
                FROM (%s) found""",
                customers,
            )
        )
        batch._plan_bulk()
        self.env.cr.execute(SQL("SELECT %s FROM mini_crm_chunk", FINGERPRINT))
        count, digest = self.env.cr.fetchone()
        self.env.cr.execute(
            """SELECT outcome, problem ->> 'code', count(*) FROM mini_crm_chunk
            GROUP BY 1, 2 ORDER BY 3 DESC, 2"""
        )
        rows = self.env.cr.fetchall()
        self.env.cr.execute("DROP TABLE mini_crm_chunk")
        texts = batch._problem_texts()
        return {
            "count": count,
            "hash": digest,
            "changed": sum(n for outcome, _code, n in rows if outcome == "updated"),
            "already": sum(n for outcome, _code, n in rows if outcome == "unchanged"),
            "left_out": [
                {"count": number, "reason": batch._explain([{"code": code}], texts)}
                for _outcome, code, number in rows
                if code
            ],
            "typed": action.typed,
            "undo": action.undo,
        }

    # The start

    @api.model
    def _bulk_start(self, key, domain, values, *, count, digest, typed=None):
        """Start an action on what a filter finds, if that is what was shown.

        :param int count: how many the preview has found
        :param str digest: ``hash`` of the preview
        :param typed: the number that the person has typed, where that is asked for
        :return: the batch, which runs as the user
        :raises UserError: if the customers are others than those of the preview
        """
        settings = self._bulk_settings(key, values)
        action = self._bulk_action(key)
        if action.typed and ascii_digits(str(typed)).strip() != str(count):
            raise UserError(
                self.env._(
                    "To confirm, type the number of customers: %(count)s. Nothing was"
                    " changed.",
                    count=count,
                )
            )
        if not count:
            raise UserError(self.env._("There is no customer to change."))
        customers = self._bulk_customers(domain)
        begin = getattr(self, f"_bulk_begin_{key}", None)
        settings = begin(settings) if begin else settings
        name = getattr(self, f"_bulk_name_{key}")(settings, action)
        # sudo: nobody may write batches but this code
        batch = self.sudo().create(
            {"kind": "bulk", "name": name, "settings": settings, "total": count}
        )
        self._take_snapshot(batch, customers, count, digest)
        batch._set_running()
        return batch

    def _take_snapshot(self, batch, customers, count, digest):
        """Write the customers to the lines of a batch, if they are the expected ones.

        :raises UserError: if not; the transaction is to be rolled back then
        """
        batch.flush_recordset()
        self.env.cr.execute(
            SQL(
                """WITH lines AS (
                    INSERT INTO mini_crm_batch_line (batch_id, row, state, res_id)
                    SELECT %s, row_number() OVER (ORDER BY partner_id), 'waiting',
                        partner_id
                    FROM (%s) found ORDER BY partner_id
                    RETURNING res_id AS partner_id)
                SELECT %s FROM lines""",
                batch.id,
                customers,
                FINGERPRINT,
            )
        )
        found, found_digest = self.env.cr.fetchone()
        if (found, found_digest) != (count, str(digest)):
            raise UserError(
                self.env._(
                    "The customers have changed since you looked: then %(before)s were"
                    " found, now %(now)s, or others. Nothing was changed. Look again"
                    " and confirm.",
                    before=count,
                    now=found,
                )
            )

    def _bulk_name_default(self, settings, action, what=""):
        """Name of the batch: what is done, with what."""
        return f"{action.label}: {what}"[:200] if what else str(action.label)

    def _has_undo(self):
        if self.kind != "bulk":
            return super()._has_undo()
        action = self._bulk_actions().get((self.settings or {}).get("action"))
        return bool(action and action.undo)

    @api.model
    def _may_bulk(self):
        """Whether the user may change many customers at once: bool."""
        return self.env.user.has_group(MANAGER)
