"""A light load from programs that try again, as tills and shops' web sites do.

Each customer has a reference of its own. A program that got no answer asks whether the
customer is there before it tries again; what it was told is there must stay there.
"""

import http.client
import threading
import time
import urllib.error

from contract import RpcError

PAUSE = 0.2  # seconds between two customers of one program
GIVE_UP = 180  # seconds; a program that is refused for so long is a failure


class Load:
    """Programs that create customers until the block ends.

    :param products: each program talks to one of these, in turn; may be replaced
        while they work, as a proxy does when a server is gone
    :param str branch: what all references begin with
    :param int programs: how many
    """

    def __init__(self, products, branch, programs=3):
        self.products = products
        self.branch = branch
        self.acknowledged = []
        self.refused = 0
        self.errors = []
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(number,))
            for number in range(programs)
        ]

    def __enter__(self):
        for product in self.products:
            product.rpc("agent", "res.partner", "search_count", [])  # log in
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, number):
        made = 0
        try:
            while not self._over.is_set():
                ref = f"{self.branch}{number}-{made}"
                self._create(number, ref)
                self.acknowledged.append(ref)
                made += 1
                self._over.wait(PAUSE)
        except Exception as error:  # shown by `check`, in the test's own thread
            self.errors.append(error)

    def _create(self, number, ref):
        """Create one customer, whatever it takes; returns when it is there."""
        began, doubtful = time.monotonic(), False
        while True:
            product = self.products[number % len(self.products)]
            try:
                if not doubtful or not self._is_there(product, ref):
                    values = {"name": f"Load {ref}", "ref": ref}
                    product.rpc("agent", "res.partner", "create", [values])
                return
            except (RpcError, OSError, ValueError, http.client.HTTPException) as error:
                if time.monotonic() - began > GIVE_UP:
                    raise
                doubtful = True
                self.refused += 1
                self._after(product, error)

    @staticmethod
    def _is_there(product, ref):
        return product.rpc("agent", "res.partner", "search_count", [["ref", "=", ref]])

    @staticmethod
    def _after(product, error):
        if isinstance(error, RpcError) and "SessionExpired" in error.name:
            product.forget_session("agent")
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        time.sleep(0.5)

    def check(self):
        """Everything acknowledged is there, exactly once: how many (int)."""
        assert not self.errors, self.errors
        rows = self.products[0].sql(
            f"""SELECT ref, count(*) AS n, count(f.id) AS profiles FROM res_partner p
            LEFT JOIN mini_crm_profile f ON f.id = p.id
            WHERE ref LIKE '{self.branch}%' GROUP BY ref"""
        )
        found = {row["ref"]: row for row in rows}
        lost = [ref for ref in self.acknowledged if ref not in found]
        assert not lost, f"acknowledged and lost: {lost}"
        wrong = [row for row in rows if row["n"] != 1 or row["profiles"] != 1]
        assert not wrong, f"not exactly once: {wrong}"
        return len(self.acknowledged)
