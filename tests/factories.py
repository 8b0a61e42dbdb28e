"""Valid records by default; a test names only what it tests."""

from itertools import count

_numbers = count(1)


def make_customer(env, **values):
    """A contact that is a customer."""
    return env["res.partner"].create({"name": f"Customer {next(_numbers)}", **values})


def drop_birth_date(env):
    """Leave a shop without any custom field: ours ships with one."""
    definition = env.ref("mini_crm.mini_crm_field_birth_date")
    definition.action_archive()
    definition.delete_values()
    definition.unlink()


def make_purchase(env, partner, amount=100.0, **values):
    """A purchase of ``amount`` now; negative: a refund."""
    return env["mini_crm.purchase"].create(
        {
            "partner_id": partner.id,
            "amount": amount,
            "kind": "refund" if amount < 0 else "purchase",
            **values,
        }
    )


def log_messages(partner, *messages):
    """Log messages: pairs of ("in" or "out", UTC datetime)."""
    kinds = {"in": "message_received", "out": "message_sent"}
    for direction, date in messages:
        partner._log(kinds[direction], date=date)
