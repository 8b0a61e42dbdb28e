"""Files of a product: what is exported, as a person fetches it."""

import time

from contract_rpc import ContractError


class Exports:
    """Part of ``Product``."""

    def export(self, file_format, domain=None, *, columns=None, role="manager"):
        """Export customers, and wait where the file is made in the background.

        :param str file_format: ``xlsx``, ``csv``, ``csv_import`` or ``json``
        :param domain: condition on contacts; default: all customers
        :param list columns: names of the columns; default: the usual ones
        :return: the file (bytes)
        """
        log, arguments = "mini_crm.export.log", {"domain": domain, "columns": columns}
        asked = self.rpc(role, log, "start_export", file_format, **arguments)
        while asked["state"] == "running":
            time.sleep(0.5)
            asked = self.rpc(role, log, "progress", [asked["id"]])
        if not asked["url"]:
            raise ContractError(f"The export has ended without a file: {asked}")
        return self.fetch(asked["url"], role)

    def fetch(self, path, role="manager"):
        """What an address of the product answers to a user of a role (bytes)."""
        return self._rpc.fetch(role, path)
