"""What happens once: right after installation, and right before uninstallation."""

import hashlib
import os
import tempfile

from odoo import fields
from odoo.tools import SQL

from . import takeout
from .models.condition.mini_crm_rule_mark import FUNCTION as MARK_CUSTOMERS
from .models.score import count_sql
from .models.segment.mini_crm_segment_count import FUNCTION as COUNT_MEMBERS
from .models.tag import hand_sql
from .models.tag.mini_crm_tag_count import FUNCTION as COUNT_TAGGED


def post_init(env):
    """Make customers of the contacts that are there already, and make them searchable;
    make the field of their birth date, and the rules of the smart tags.

    Set-based: a few statements whatever the number of contacts, and no row of
    ``res_partner`` is written.
    """
    # before there are customers: else all of them would be counted twice
    env["mini_crm.field"]._make_birth_date()
    env["mini_crm.tag.rule"]._ship()  # one of them asks for the birth date
    env["mini_crm.search"]._fill()
    env["mini_crm.profile"]._apply_customer_rule(installing=True)


def uninstall(env):
    """Hand all data over as an attachment, then forget what Odoo itself would leave.

    Odoo drops our tables, columns and records. Contacts and messages stay, and the tags
    that people have put on.
    """
    _keep_takeout(env)
    _forget(env)
    _remove_actor(env)
    _drop_indexes(env)
    drop_triggers(env)
    env["mini_crm.tag.rule"]._take_back()


def drop_triggers(env):
    """Drop all triggers of ours, also from the tables of other add-ons."""
    count_sql.drop_triggers(env.cr)
    hand_sql.drop_triggers(env.cr)
    for name in (MARK_CUSTOMERS, COUNT_MEMBERS, COUNT_TAGGED):
        env.cr.execute(
            SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(name))
        )


def _keep_takeout(env):
    """Write the file of all data and keep it as an attachment for administrators.

    It hangs on no record: such attachments only their maker (here the superuser) and
    administrators may read.
    """
    attachments = env["ir.attachment"]
    folder = attachments._filestore()
    os.makedirs(folder, exist_ok=True)
    handle, path = tempfile.mkstemp(dir=folder)
    os.close(handle)
    try:
        takeout.write(env, path)
        attachment = attachments.create(
            {
                "name": f"mini_crm-{fields.Date.today()}.zip",
                "description": env._(
                    "All data of Mini CRM, written when it was uninstalled."
                ),
                "mimetype": "application/zip",
            }
        )
        if attachments._storage() == "file":
            _store(attachment, path)
        else:
            with open(path, "rb") as source:
                attachment.raw = source.read()
    finally:
        if os.path.exists(path):
            os.unlink(path)


def _store(attachment, path):
    """Make a file the content of an attachment without reading it into memory."""
    # The name in Odoo's filestore, not a proof of anything.
    content = hashlib.sha1(usedforsecurity=False)
    with open(path, "rb") as source:
        while chunk := source.read(1024**2):
            content.update(chunk)
    checksum = content.hexdigest()
    name = f"{checksum[:2]}/{checksum}"
    target = attachment._full_path(name)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    size = os.path.getsize(path)
    os.replace(path, target)
    attachment._mark_for_gc(name)  # it goes again, should the uninstallation fail
    attachment.env.cr.execute(
        SQL(
            """UPDATE ir_attachment SET store_fname = %s, checksum = %s, file_size = %s
            WHERE id = %s""",
            name,
            checksum,
            size,
            attachment.id,
        )
    )
    attachment.invalidate_recordset()


def _forget(env):
    """Settings without a record of ours: parameters, defaults, saved filters."""
    env["ir.config_parameter"].search([("key", "=like", "mini_crm.%")]).unlink()
    env["ir.filters"].with_context(active_test=False).search(
        [("model_id", "=like", "mini_crm.%")]
    ).unlink()
    # Without us, Odoo would make a contact of each e-mail that comes in by them.
    channels = env["mini_crm.channel"].with_context(active_test=False).search([])
    aliases = channels.alias_id
    channels.alias_id = False
    aliases.unlink()
    # New users would land on a page that is gone.
    actions = env["ir.model.data"].search(
        [("module", "=", "mini_crm"), ("model", "=like", "ir.actions.%")]
    )
    env["ir.default"].search(
        [
            ("field_id.model", "=", "res.users"),
            ("field_id.name", "=", "action_id"),
            ("json_value", "in", [str(number) for number in actions.mapped("res_id")]),
        ]
    ).unlink()


def _remove_actor(env):
    """Delete the user of workflows, and his contact, which is no record of a file.

    Where messages stay that name it as their author, it stays as well.
    """
    user = env.ref("mini_crm.user_workflow", raise_if_not_found=False)
    if not user:
        return
    contact = user.partner_id
    user.unlink()
    messages = env["mail.message"].sudo()
    if not messages.search_count([("author_id", "=", contact.id)], limit=1):
        contact.unlink()


def _drop_indexes(env):
    """Drop the indexes that we gave to tables of other add-ons."""
    env.cr.execute(
        "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema"
        r" AND indexname LIKE 'mini\_crm\_%\_changes'"
    )
    for (name,) in env.cr.fetchall():
        env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
