"""How complete a customer's details are."""

from odoo.tools import SQL

from ...engine.fields import slot_type

PHOTO = SQL(
    """EXISTS (SELECT FROM ir_attachment at WHERE at.res_model = 'res.partner'
        AND at.res_id = p.id AND at.res_field = 'image_1920')"""
)

# name, e-mail, phone, source, city; the photo is added where it is looked up
_BASIC = SQL(
    """(coalesce(p.name, '') <> '')::int + (coalesce(p.email, '') <> '')::int
    + (coalesce(p.phone, '') <> '')::int + (p.source_id IS NOT NULL)::int
    + (coalesce(p.city, '') <> '')::int"""
)


def fillable(slots):
    """Those of these slots that can be filled: a boolean is never empty."""
    return [slot for slot in slots if slot_type(slot) != "boolean"]


def details(slots, condition):
    """SELECT id, basic_filled, custom_filled, has_photo, and what a new profile copies:
    create_date, company_id, partner_share, active.

    :param list[str] slots: slots that have a definition in use
    :param SQL condition: on ``res_partner p``
    :rtype: SQL
    """
    custom = [SQL("(%s)::int", _filled(slot)) for slot in fillable(slots)]
    return SQL(
        """SELECT p.id, p.basic + p.has_photo::int AS basic_filled, p.custom_filled,
            p.has_photo, p.create_date, p.company_id, p.partner_share, p.active
        FROM (SELECT p.id, %s AS basic, %s AS custom_filled, %s AS has_photo,
                p.create_date, p.company_id, p.partner_share, p.active
            FROM res_partner p WHERE %s OFFSET 0) p""",
        _BASIC,
        SQL(" + ").join(custom) if custom else SQL("0"),
        PHOTO,
        condition,
    )


def _filled(slot):
    """SQL condition: a slot of ``res_partner p`` has a value; 0 is none."""
    column = SQL.identifier("p", slot)
    kind = slot_type(slot)
    if kind == "number":
        return SQL("coalesce(%s, 0) <> 0", column)
    if kind == "date":
        return SQL("%s IS NOT NULL", column)
    return SQL("coalesce(%s, '') <> ''", column)
