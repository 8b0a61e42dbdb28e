"""A bot and an Instagram account of the fakes, connected to a product."""

import secrets
import string
from contextlib import contextmanager

from fakes.instagram import Instagram
from fakes.telegram import Telegram

_LETTERS = string.ascii_letters + string.digits


def made_up(prefix, length=32):
    """A secret that stands nowhere else (str)."""
    return prefix + "".join(secrets.choice(_LETTERS) for _each in range(length))


class ShopChannels:
    """Both providers, the shop's account with each, and the channels' ids.

    :param Product product: where they are connected, as an administrator does it
    """

    def __init__(self, product, telegram, instagram):
        self.telegram, self.instagram = telegram, instagram
        number = 4_000_000_000 + secrets.randbelow(10**9)
        self.bot = telegram.bot(f"{number}:{made_up('AA')}")
        self.account = instagram.account(made_up("IGAA"), made_up("", 32))
        self.ids = [
            product.channel("telegram", self.bot, api_url=telegram.url),
            product.channel("instagram", self.account, api_url=instagram.url),
        ]

    def settle(self):
        """Wait until the product has accepted all that the providers deliver.

        A refused delivery comes again up to a minute later.
        """
        for fake in (self.bot, self.account):
            assert fake.deliveries.settle(150), fake.deliveries.waiting()


@contextmanager
def connected(product):
    """The channels (ShopChannels) for as long as the block lasts."""
    with Telegram() as telegram, Instagram() as instagram:
        for fake in (telegram, instagram):
            fake.shop_url = product.url
        yield ShopChannels(product, telegram, instagram)
