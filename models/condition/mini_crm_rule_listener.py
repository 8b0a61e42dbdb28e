from odoo import api, models
from odoo.tools import SQL

from ...engine.rule_topics import (
    EVERYTHING,
    UNTOLD_CUSTOMER,
    UNTOLD_FIGURES,
    event_topics,
)

FOLLOWED = 5000  # customers; more are cheaper to compare with everybody
# What is concluded from figures that rules know when they are looked at.
CONCLUDED = frozenset({"score_changed", "health_changed", "stage_changed"})
# In the data of the cursor: {customer: last event when all rules were looked at}.
LOOKED_AT = "mini_crm.rule.looked_at"


class MiniCrmRule(models.AbstractModel):
    """What events change in what rules hold."""

    _inherit = "mini_crm.rule"

    @api.model
    def _on_events(self, claimed):
        """Listener: bring the customers of these events up to date.

        Only rules that read what has changed are looked at, all of a kind at once.

        :param SQL claimed: relation of (event_id, partner_id, type)
        """
        self.env.flush_all()
        touched = self._touched(claimed)
        if not touched:
            return
        topics = set().union(*(topics for _cause, topics in touched.values()))
        found = [
            rules
            # sudo: rules are kept up to date whoever has changed the customer
            for kind in self._kinds()
            if (rules := self.env[kind].sudo()._concerned(topics))
        ]
        if not found:
            return
        read = set().union({EVERYTHING}, *(rules._topics() for rules in found))
        ids = sorted(
            partner_id
            for partner_id, (_cause, topics) in touched.items()
            if not read.isdisjoint(topics)
        )
        causes = {i: cause for i in ids if (cause := touched[i][0])}
        self.env["mini_crm.rule.mark"]._touch(SQL("SELECT unnest(%s::int[])", ids))
        self._note_looked_at([i for i in ids if EVERYTHING in touched[i][1]])
        for rules in found:
            rules._evaluate(ids, causes)

    @api.model
    def _note_looked_at(self, ids):
        """Note that all rules are looked at for these customers now.

        Which score, health and stage have been logged of them so far in this
        transaction is known to the rules then: they are not looked at again for it.
        """
        if ids:
            self.env.cr.execute("SELECT max(id) FROM mini_crm_event")
            last = self.env.cr.fetchone()[0] or 0
            looked_at = self.env.cr.precommit.data.setdefault(LOOKED_AT, {})
            looked_at.update(dict.fromkeys(ids, last))

    @api.model
    def _follow(self, ids, *, everything=False):
        """Have rules look at customers whose change no event tells.

        They are queued as customers of events are: looked at once, after what people
        have done to tags is told, and again when somebody else was quicker.

        :param ids: list of ids of customers; None: they are too many to be named
        :param bool everything: whatever a rule reads may have changed, not only figures
        """
        if ids is None or len(ids) > FOLLOWED:
            self._rebuild_all(None if everything else {"profile"})
            return
        kind = UNTOLD_CUSTOMER if everything else UNTOLD_FIGURES
        self.env["mini_crm.queue"]._add_untold(ids, kind)

    @api.model
    def _touched(self, claimed):
        """What the events touch: {partner id: (last event or 0, topics)}.

        Without those that the rules have been looked at for, see ``_note_looked_at``.
        """
        self.env.cr.execute(
            SQL(
                """SELECT e.partner_id, max(e.id), e.type, e.changed
                FROM (
                    SELECT coalesce(e.partner_id, c.partner_id) AS partner_id,
                        c.event_id AS id, c.type,
                        CASE WHEN e.type = 'field_updated'
                            THEN ARRAY(SELECT jsonb_object_keys(e.data)) END AS changed
                    FROM %s c LEFT JOIN mini_crm_event e ON e.id = c.event_id
                    WHERE e.id IS NOT NULL OR c.event_id = 0) e
                GROUP BY e.partner_id, e.type, e.changed""",
                claimed,
            )
        )
        rows = self.env.cr.fetchall()
        fields = self.env["mini_crm.field"]
        columns = {key: slot for slot, key in fields._keys_by_slot().items()}
        birthday = self.env["mini_crm.condition"]._birthday_slot()
        looked_at = self.env.cr.precommit.data.get(LOOKED_AT, {})
        touched = {}
        for partner_id, event_id, kind, changed in rows:
            if kind in CONCLUDED and event_id <= looked_at.get(partner_id, 0):
                continue
            last, topics = touched.get(partner_id, (0, frozenset()))
            topics |= event_topics(kind, changed, columns, birthday)
            touched[partner_id] = max(last, event_id), topics
        return touched

    @api.model
    def _concerned(self, topics):
        """Rules of this kind that read one of these topics, held as by ``_hold``."""
        return self._hold(
            SQL(
                """active AND status IN ('waiting', 'ready')
                AND (%s OR reads ?| %s)""",
                EVERYTHING in topics,
                list(topics),
            )
        )

    @api.model
    def _hold(self, which):
        """Rules of this kind, by an SQL condition.

        Until this transaction ends, nobody can give them another condition: a rebuild
        with the new one then sees all that was written by the old one. Who waits to do
        so goes before those who come later: rows alone do not queue, and where somebody
        is always looking he would wait for ever.
        """
        self._queue_up("pg_advisory_xact_lock_shared", which)
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE %s ORDER BY id FOR KEY SHARE",
                SQL.identifier(self._table),
                which,
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    @api.model
    def _queue_up(self, lock, which):
        """Take locks of rules of this kind: shared to look at customers, else to edit.

        :param str lock: name of PostgreSQL's function
        :param SQL which: condition on the rules
        """
        self.env.cr.execute(
            SQL(
                """SELECT count(%s(hashtext(%s), id))
                FROM (SELECT id FROM %s WHERE %s ORDER BY id) rules""",
                SQL.identifier(lock),
                f"{self._table}: edit",  # another one than that of a step
                SQL.identifier(self._table),
                which,
            )
        )

    def _topics(self):
        """All topics that these rules read."""
        return set().union(*(rule.reads or () for rule in self))
