"""People who change the same customers at once, through any number of servers."""

import random
import threading

import segmenting
from contract import RpcError


class Stream:
    """Works on a few customers from several threads until the block ends.

    :param products: servers of one database; the threads take turns
    :param list[int] customers: ids, so few that people meet
    :param int people: how many threads
    :param int seed: decides what they do
    """

    def __init__(self, products, customers, people, seed):
        self.steps = 0
        self.errors = []
        self._over = threading.Event()
        self._threads = [
            threading.Thread(
                target=self._work,
                args=(
                    segmenting.Changes(
                        products[number % len(products)],
                        customers,
                        random.Random(seed + number),
                    ),
                ),
            )
            for number in range(people)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, changes):
        while not self._over.is_set():
            try:
                changes.step()
                self.steps += 1
            except RpcError as error:  # a person would have been shown this
                self.errors.append(error)
