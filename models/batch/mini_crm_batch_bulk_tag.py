import json

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, escape_psql

LINKS = SQL.identifier("res_partner_res_partner_category_rel")


class MiniCrmBatch(models.Model):
    """Putting a tag on many customers, and taking one off.

    What rules think of a tag on a customer (``mini_crm.tag.origin``) follows by its own
    triggers; it is kept in ``before`` and comes back with an undo.
    """

    _inherit = "mini_crm.batch"

    def _bulk_read_tag_add(self, values):
        return self._bulk_read_tag(values, new=True)

    def _bulk_read_tag_remove(self, values):
        return self._bulk_read_tag(values)

    def _bulk_read_tag(self, values, *, new=False):
        """The chosen tag: ``{"tag_id", "tag"}``; ``tag_id`` is 0 if it is to be made.

        :param dict values: ``tag_id``, or ``tag``: its name, in any case
        :param bool new: whether a name that no tag has will do
        """
        tags = self.env["res.partner.category"]
        name = str(values.get("tag") or "").strip()
        tag_id = values.get("tag_id")
        if isinstance(tag_id, int) and tag_id:
            tag = tags.search([("id", "=", tag_id)])
        else:
            tag = tags.search([("name", "=ilike", escape_psql(name))]) if name else tags
            tag = tag.filtered(lambda one: one.name == name)[:1] or tag[:1]
            if not tag and name and new:
                return {"tag_id": 0, "tag": name}
        if not tag:
            raise UserError(self.env._("Choose a tag first."))
        return {"tag_id": tag.id, "tag": tag.name}

    def _bulk_begin_tag_add(self, settings):
        """Make the tag, if there is none of this name."""
        if settings["tag_id"]:
            return settings
        tag = self.env["res.partner.category"].create({"name": settings["tag"]})
        return {**settings, "tag_id": tag.id}

    def _bulk_name_tag_add(self, settings, action):
        return self._bulk_name_default(settings, action, settings["tag"])

    _bulk_name_tag_remove = _bulk_name_tag_add

    # Doing it

    def _bulk_plan_tag_add(self):
        self._settle("unchanged", self._has_tag())
        self._note_origins()

    def _bulk_plan_tag_remove(self):
        self._settle("unchanged", SQL("NOT %s", self._has_tag()))
        self._note_origins()

    def _bulk_apply_tag_add(self):
        self._link_tag("tag_added", self._tag_put_on("updated"))

    def _bulk_apply_tag_remove(self):
        self._link_tag("tag_removed", self._tag_taken_off("updated"))

    def _has_tag(self):
        """Condition over the row ``c``: the customer carries the tag.

        ``OFFSET 0`` keeps it a look into the index for each. A join would be planned
        for the few who carried the tag before, and slower with each portion.
        """
        return SQL(
            "EXISTS (SELECT FROM %s g WHERE g.partner_id = c.partner_id"
            " AND g.category_id = %s OFFSET 0)",
            LINKS,
            self.settings["tag_id"],
        )

    def _tag_put_on(self, outcome):
        return SQL(
            """links AS (
                INSERT INTO %s (category_id, partner_id)
                SELECT %s, partner_id FROM mini_crm_chunk WHERE outcome = %s
                ON CONFLICT DO NOTHING RETURNING partner_id)""",
            LINKS,
            self.settings["tag_id"],
            outcome,
        )

    def _tag_taken_off(self, outcome):
        # an array, not a join: see ``_has_tag``
        return SQL(
            """links AS (
                DELETE FROM %s WHERE category_id = %s AND partner_id = ANY(ARRAY(
                    SELECT partner_id FROM mini_crm_chunk WHERE outcome = %s))
                RETURNING partner_id)""",
            LINKS,
            self.settings["tag_id"],
            outcome,
        )

    def _link_tag(self, kind, ctes):
        """Change the links and tell of it."""
        told = {name: self.settings[name] for name in ("tag_id", "tag")}
        data = SQL("%s::jsonb", json.dumps(told, ensure_ascii=False))
        self._bulk_log(kind, data, ctes, "links")
        self.env["res.partner"].invalidate_model(["category_id"])
        # the triggers may have written
        self.env["mini_crm.tag.origin"].invalidate_model()

    def _note_origins(self):
        """Keep what rules think of this tag on the customers, where they do."""
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_chunk c SET before = o.origins FROM (
                    SELECT partner_id, jsonb_object_agg(rule_id,
                        jsonb_build_array(by_hand IS TRUE, declined IS TRUE)) AS origins
                    FROM mini_crm_tag_origin
                    WHERE category_id = %s
                        AND partner_id IN (SELECT partner_id FROM mini_crm_chunk)
                    GROUP BY partner_id) o
                WHERE o.partner_id = c.partner_id AND c.outcome IS NULL""",
                self.settings["tag_id"],
            )
        )

    # Taking it back: whoever does not carry the tag any more is as before already

    def _bulk_undo_tag_add(self):
        self._settle("restored", SQL("TRUE"))
        self._link_tag("tag_removed", self._tag_taken_off("restored"))
        self._restore_origins()

    def _bulk_undo_tag_remove(self):
        tags = self.env["res.partner.category"]
        if not tags.browse(self.settings["tag_id"]).exists():
            self._refuse("undo_tag_gone", SQL("TRUE"), "kept")
            return
        self._settle("restored", SQL("TRUE"))
        self._link_tag("tag_added", self._tag_put_on("restored"))
        self._restore_origins()

    def _restore_origins(self):
        """What rules thought of the tag before; rules that came since are not asked."""
        self.env.cr.execute(
            SQL(
                """UPDATE mini_crm_tag_origin o SET by_hand = v.by_hand,
                    declined = v.declined
                FROM (SELECT c.partner_id, e.key::int AS rule_id,
                        (e.value ->> 0)::boolean AS by_hand,
                        (e.value ->> 1)::boolean AS declined
                    FROM mini_crm_chunk c, jsonb_each(c.before) e
                    WHERE c.outcome = 'restored') v
                WHERE o.partner_id = v.partner_id AND o.rule_id = v.rule_id
                    AND o.category_id = %s
                    AND (o.by_hand, o.declined) IS DISTINCT FROM
                        (v.by_hand, v.declined)""",
                self.settings["tag_id"],
            )
        )
