"""What a running product does to many customers at once, for `contract.Product`."""

import time


class Bulk:
    """Bulk changes of a `Product`, and the undo of any batch."""

    def bulk(self, action, domain, values=None):
        """Change all customers that a filter finds, as a manager: id of the batch.

        What the preview shows is confirmed, a number to be typed included.

        :param str action: a key of ``_bulk_actions``: tag_add, field, archive, ...
        :param list domain: of contacts
        :param dict values: what the action asks for
        :raises RpcError: when the product refuses
        """
        wanted = (action, domain, values or {})
        shown = self.rpc("manager", "mini_crm.bulk", "preview", *wanted)
        confirmed = (shown["count"], shown["hash"], str(shown["count"]))
        return self.rpc("manager", "mini_crm.bulk", "apply", *wanted, *confirmed)

    def migrate(self, choices, seconds=600):
        """Bring values of other fields into custom fields, as an administrator.

        :param list choices: dicts with ``source`` (a field of contacts, or
            ``property:`` and a property), and ``label``, ``type``, ``key``, ``replace``
            where they are not as the product proposes
        :return: id of the batch, and what the preview has told of each source
        :rtype: tuple[int, list[dict]]
        :raises RpcError: when the product refuses
        """
        batch = self.rpc("admin", "mini_crm.intake", "check", choices)
        shown = self.looked_at(batch, seconds)
        self.rpc("admin", "mini_crm.intake", "run", batch)
        return batch, shown["sources"]

    def looked_at(self, batch, seconds=600):
        """Wait until a batch has been checked: its `progress` (dict)."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            at = self.rpc("admin", "mini_crm.batch", "progress", [int(batch)])
            if at["state"] != "checking":
                break
            time.sleep(0.3)
        assert at["state"] == "ready", at
        return at

    def undo(self, batch):
        """Have a batch undone as a manager; `wait` for it."""
        self.rpc("manager", "mini_crm.batch", "undo", [int(batch)])
