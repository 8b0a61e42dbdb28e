"""What a test from outside does with duplicates: part of ``contract.Product``."""


class Duplicates:
    """The search for duplicates and what it has found."""

    def find_duplicates(self):
        """Compare all customers as a manager: id of the batch; `wait` for it."""
        return self.rpc("manager", "mini_crm.batch", "start_duplicates")

    def duplicates(self):
        """Pairs that wait for a decision: {(id, higher id): score}."""
        rows = self.sql(
            """SELECT partner_id, other_id, score FROM mini_crm_duplicate
            WHERE state = 'open'"""
        )
        return {(row["partner_id"], row["other_id"]): row["score"] for row in rows}
