"""Valid records by default; a test names only what it tests."""

from itertools import count

_numbers = count(1)

# The smallest photo.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


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


def make_channel(env, kind="telegram", **values):
    """A connected account of the shop."""
    channel = env["mini_crm.channel"].create(
        {"name": f"Shop {next(_numbers)}", "type": kind, **values}
    )
    channel.state = "live"
    return channel


def make_identity(env, partner=None, channel=None, **values):
    """A customer's identity in a channel."""
    number = next(_numbers)
    channel = channel or make_channel(env)
    return env["mini_crm.identity"].create(
        {
            "channel_id": channel.id,
            "company_id": channel.company_id.id,
            "partner_id": (partner or make_customer(env)).id,
            "external_id": str(1000 + number),
            "name": f"Chat {number}",
            **values,
        }
    )


def make_message(identity, body="Hello", direction="in", **values):
    """A message of the customer, or with direction "out" one to him."""
    number = next(_numbers)
    return identity.env["mini_crm.message"].create(
        {
            "channel_id": identity.channel_id.id,
            "company_id": identity.company_id.id,
            "identity_id": identity.id,
            "partner_id": identity.partner_id.id,
            "direction": direction,
            "body": body,
            "date": "2026-01-31 12:00:00",
            "sequence": number,
            "external_id": f"{identity.external_id}:{number}",
            "state": "received" if direction == "in" else "sent",
            "purpose": False if direction == "in" else "answer",
            **values,
        }
    )
