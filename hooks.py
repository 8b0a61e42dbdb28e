"""What happens once, right after installation and before removal."""

from odoo.tools import SQL


def post_init(env):
    """Make customers of the contacts that are there already.

    Set-based: one statement whatever the number of contacts, and no row of
    ``res_partner`` is written.
    """
    env["mini_crm.profile"]._apply_customer_rule(installing=True)


def uninstall(env):
    """Drop the indexes that we gave to tables of other add-ons."""
    env.cr.execute(
        "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema"
        r" AND indexname LIKE 'mini\_crm\_%\_changes'"
    )
    for (name,) in env.cr.fetchall():
        env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
