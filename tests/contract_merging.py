"""What the contract knows of merging customers; a part of ``contract.Product``."""


class Merging:
    """Customers who are one."""

    def merge(self, survivor, others, choices=None):
        """Merge customers as a manager: id of the batch, which is done.

        :param int survivor: id of the customer who stays
        :param others: ids of those who become him
        :param dict choices: {field: id of the customer whose value it gets}
        """
        return self.rpc(
            "manager", "mini_crm.merge", "merge", survivor, list(others), choices
        )
