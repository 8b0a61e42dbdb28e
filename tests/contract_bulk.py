"""What a running product does to many customers at once, for `contract.Product`."""


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

    def undo(self, batch):
        """Have a batch undone as a manager; `wait` for it."""
        self.rpc("manager", "mini_crm.batch", "undo", [int(batch)])
