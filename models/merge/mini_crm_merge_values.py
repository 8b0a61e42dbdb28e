from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ...engine import merging
from ..field.filled_sql import EXTRA
from ..field.res_partner_values import STORED

PHOTO = "image_1920"
BEYOND = f"{EXTRA}:"  # a key beyond the slots is chosen as custom_fields_extra:<key>
TYPES = frozenset(
    {
        *("char", "text", "html", "integer", "float", "monetary"),
        *("boolean", "date", "datetime", "selection", "many2one"),
    }
)
# What the survivor keeps whatever the others have: how contacts are kept, not who the
# customer is; or what is computed of other fields.
OWN = frozenset(
    {
        *("id", "active", "create_uid", "create_date", "write_uid", "write_date"),
        *("type", "color", "complete_name", "commercial_partner_id", "partner_share"),
        *("commercial_company_name", "email_normalized", "phone_sanitized"),
        *("partner_latitude", "partner_longitude", "date_localization"),
        *("message_bounce", "signup_type", "calendar_last_notif_ack"),
        # all of them have the same, see ``_tell_mixed`` and ``_tell_binned``
        *("company_id", "binned_at", "bin_note"),
    }
)
VERIFIED = {"email": "email_normalized", "phone": "phone_sanitized"}


class MiniCrmMerge(models.AbstractModel):
    """Which values the survivor gets, and writing them."""

    _inherit = "mini_crm.merge"

    @api.model
    def _columns(self):
        """Fields of contacts of which one value must be chosen: list of names."""
        return [
            name
            for name, field in self.env["res.partner"]._fields.items()
            if field.store
            and field.column_type
            and field.type in TYPES
            and name not in OWN
            and not field.company_dependent
            and not field.translate
            and not (field.compute and field.readonly)
        ]

    @api.model
    def _beyond_keys(self):
        """Custom fields in use that have no slot: list of keys."""
        rules = self.env["mini_crm.field"]._rules().values()
        return [rule.key for rule in rules if rule.slot is None]

    @api.model
    def _merged_names(self):
        """Everything that is merged: fields, photo, keys beyond the slots."""
        beyond = [BEYOND + key for key in self._beyond_keys()]
        return [*self._columns(), PHOTO, *beyond]

    @api.model
    def _may(self, name, operation="read"):
        """Whether this user may read or write what is merged under this name."""
        field = self.env["res.partner"]._fields.get(name)
        partner = self.env["res.partner"]
        return field is None or partner._has_field_access(field, operation)

    # What they have

    @api.model
    def _decided(self, survivor, sources, choices=None, survivor_first=False):
        """The value of each field after the merge.

        :return: {name: Suggestion}; values as the columns hold them, of a photo its
            checksum
        :rtype: dict[str, merging.Suggestion]
        :raises UserError: a choice is somebody else's value
        """
        choices = choices or {}
        candidates = self._candidates(survivor, sources)
        decided = {}
        for name, of_name in candidates.items():
            decided[name] = merging.decide(
                name,
                of_name,
                self._chosen(name, choices, candidates),
                survivor_first=survivor_first,
            )
        address = self._address(decided, candidates, choices, survivor_first)
        return decided | address | self._sums(candidates, choices)

    def _chosen(self, name, choices, candidates):
        chosen = choices.get(name)
        known = {candidate.partner_id for candidate in candidates[name]}
        if chosen is not None and chosen not in known:
            self._refuse_choice(name)
        return chosen

    def _address(self, decided, candidates, choices, survivor_first):
        """An address is one customer's, unless a person has chosen parts of it."""
        names = [name for name in merging.ADDRESS if name in candidates]
        if survivor_first or not names or not choices.keys().isdisjoint(names):
            return {}
        if not any(merging.differs(candidates[name]) for name in names):
            return {}
        whose = merging.fullest({name: candidates[name] for name in names})
        found = {}
        for name in names:
            of_name = candidates[name]
            one = next(c for c in of_name if c.partner_id == whose)
            reason = "address" if merging.differs(of_name) else "same"
            found[name] = merging.Suggestion(whose, one.value, reason)
        return found

    def _sums(self, candidates, choices):
        """Fields that other add-ons add up when contacts are merged."""
        wizard = self.env["base.partner.merge.automatic.wizard"]
        return {
            name: merging.Suggestion(
                candidates[name][0].partner_id,
                sum(c.value or 0 for c in candidates[name]),
                "sum",
            )
            for name in wizard._get_summable_fields()
            if name in candidates and name not in choices
        }

    @api.model
    def _candidates(self, survivor, sources):
        """What each of them has in each field, the survivor first.

        :rtype: dict[str, list[merging.Candidate]]
        """
        ids = [survivor.id, *sources.ids]
        values = self._stored_values(ids)
        verified, changed = self._verified(ids), self._changed(ids)
        keys = self.env["mini_crm.field"]._keys_by_slot()
        names = self._merged_names()
        found = {}
        for name in names:
            key = keys.get(name, name).removeprefix(BEYOND)
            found[name] = [
                merging.Candidate(
                    partner_id,
                    values[partner_id].get(name),
                    verified=(partner_id, name) in verified,
                    changed=changed.get((partner_id, key), ""),
                )
                for partner_id in ids
            ]
        return found

    def _stored_values(self, ids):
        """{id: {name: value}}: columns, photo, keys beyond the slots."""
        names = self._columns()
        self.env["res.partner"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT p.id AS mini_crm_id, p.custom_fields_extra AS mini_crm_extra,
                    (SELECT a.checksum FROM ir_attachment a
                        WHERE a.res_model = 'res.partner' AND a.res_id = p.id
                        AND a.res_field = %s LIMIT 1) AS mini_crm_photo, %s
                FROM res_partner p WHERE p.id = ANY(%s)""",
                PHOTO,
                SQL(", ").join(SQL.identifier("p", name) for name in names),
                list(ids),
            )
        )
        found = {}
        for row in rows:
            extra = row.pop("mini_crm_extra") or {}
            values = {name: self._own_value(name, row[name], ids) for name in names}
            values[PHOTO] = row["mini_crm_photo"]
            values |= {BEYOND + key: extra.get(key) for key in self._beyond_keys()}
            found[row["mini_crm_id"]] = values
        return found

    def _own_value(self, name, value, ids):
        """A value as it is, but nobody is his own parent, or sent by himself."""
        field = self.env["res.partner"]._fields[name]
        if field.type == "many2one" and field.comodel_name == "res.partner":
            return None if value in ids else value
        if field.type == "boolean":
            return bool(value)
        return value

    def _verified(self, ids):
        """(id, field) of addresses that somebody has confirmed: set."""
        # sudo: what customers have agreed to helps to choose, and is not shown
        consents = self.env["mini_crm.consent"].sudo()
        states = consents._states_by_channel(ids, VERIFIED)
        found = {
            (i, name)
            for name in VERIFIED
            for i, state in states[name].items()
            if state == "in"
        }
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT p.id FROM res_partner p
                JOIN mini_crm_identity i
                    ON i.partner_id = p.id AND i.phone = p.phone_sanitized
                WHERE p.id = ANY(%s)""",
                list(ids),
            )
        )
        return found | {(row[0], "phone") for row in rows}

    def _changed(self, ids):
        """When fields were last changed by anybody: {(id, key): ISO 8601}."""
        self.env["mini_crm.event"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT e.partner_id, c.key, max(e.date) FROM mini_crm_event e
                CROSS JOIN LATERAL jsonb_object_keys(e.data) AS c (key)
                WHERE e.partner_id = ANY(%s) AND e.type = 'field_updated'
                    AND e.undone_by IS NULL AND jsonb_typeof(e.data) = 'object'
                GROUP BY e.partner_id, c.key""",
                list(ids),
            )
        )
        return {(row[0], row[1]): row[2].isoformat() for row in rows}

    # Writing

    def _write_decided(self, survivor, sources, decided):
        """Give the survivor the values that were decided on."""
        survivor = survivor.with_env(self.env)
        columns = set(self._columns())
        had = self._stored_values(survivor.ids)[survivor.id]
        vals = {
            name: _written(suggestion.value)
            for name, suggestion in decided.items()
            if name in columns and suggestion.value != had[name]
        }
        vals |= self._extra_values(survivor, sources, decided)
        photo = decided[PHOTO]
        if photo.value != had[PHOTO]:
            self._move_photo(survivor, photo.partner_id)
        self._fill_by_company(survivor, sources)
        # judged when they were first stored
        survivor = survivor.with_context(mini_crm_values=STORED)
        survivor.write({n: v for n, v in vals.items() if self._may(n, "write")})
        hidden = {n: v for n, v in vals.items() if not self._may(n, "write")}
        if hidden:
            # sudo: nothing that he had is lost because the user may not see it; it
            # cannot be chosen (``_checked_choices``)
            survivor.sudo().write(hidden)
        self._rename_children(survivor)
        self.env.flush_all()

    def _rename_children(self, survivor):
        """Have what contacts are called after their company be computed anew."""
        # sudo: also of contacts that the user does not see
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        below = partners.search(
            [
                "|",
                ("parent_id", "=", survivor.id),
                ("commercial_partner_id", "=", survivor.id),
                ("id", "!=", survivor.id),
            ]
        )
        for name in ("commercial_company_name", "complete_name"):
            self.env.add_to_compute(partners._fields[name], below)

    def _extra_values(self, survivor, sources, decided):
        """The overflow as ``write`` takes it: merged key by key."""
        everybody = survivor | sources.with_env(self.env)
        everybody.fetch([EXTRA])  # without all other custom fields
        merged = merging.merge_keys([partner[EXTRA] for partner in everybody])
        for name, suggestion in decided.items():
            if name.startswith(BEYOND):
                merged[name.removeprefix(BEYOND)] = suggestion.value
        merged = {key: value for key, value in merged.items() if value is not None}
        return {EXTRA: merged} if merged != (survivor[EXTRA] or {}) else {}

    def _move_photo(self, survivor, partner_id):
        """Give the survivor another one's photo: its files change hands.

        His own stays as a file of the batch, so that the undo finds it.
        """
        mover, field = (
            self.env.context["mini_crm_merge"],
            SQL("t.res_field LIKE 'image\\_%%'"),
        )
        mine = SQL(
            "t.res_model = 'res.partner' AND t.res_id = %s AND %s", survivor.id, field
        )
        aside = {
            "res_model": SQL("'mini_crm.batch'"),
            "res_id": SQL("%s", mover.batch_id),
        }
        mover.change("ir_attachment", aside, mine)
        if partner_id != survivor.id:
            theirs = SQL(
                "t.res_model = 'res.partner' AND t.res_id = %s AND %s",
                partner_id,
                field,
            )
            mover.change("ir_attachment", {"res_id": SQL("%s", survivor.id)}, theirs)
        self.env["ir.attachment"].invalidate_model()
        self.env["res.partner"].invalidate_model()

    def _fill_by_company(self, survivor, sources):
        """Values that differ by company, and Odoo's properties: the survivor's own
        stand, what he has not comes from the sources."""
        partner = self.env["res.partner"]
        names = [
            name
            for name, field in partner._fields.items()
            if field.store and (field.company_dependent or field.type == "properties")
        ]
        if not names:
            return
        self.env.flush_all()
        sets = [
            SQL(
                """%(column)s = nullif(coalesce((
                    SELECT jsonb_object_agg(e.key, e.value ORDER BY s.id DESC)
                    FROM res_partner s CROSS JOIN LATERAL jsonb_each(s.%(column)s) e
                    WHERE s.id = ANY(%(sources)s)
                        AND jsonb_typeof(s.%(column)s) = 'object'
                    ), '{}') || coalesce(p.%(column)s, '{}'), '{}')""",
                column=SQL.identifier(name),
                sources=sources.ids,
            )
            for name in names
        ]
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner p SET %s WHERE p.id = %s",
                SQL(", ").join(sets),
                survivor.id,
            )
        )
        partner.invalidate_model(names, flush=False)


def _written(value):
    """A column's value as ``write`` takes it."""
    if value is None:
        return False
    return value.isoformat() if type(value) is date else value
