"""How complete a customer's details are."""

from odoo.tools import SQL

from ..field.filled_sql import fillable, filled

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


def details(rules, condition):
    """SELECT id, basic_filled, custom_filled, has_photo, and what a new profile copies:
    create_date, company_id, partner_share, active.

    :param rules: ``FieldRule`` of the definitions in use
    :param SQL condition: on ``res_partner p``
    :rtype: SQL
    """
    custom = [SQL("(%s)::int", filled(rule, "p")) for rule in fillable(rules)]
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
