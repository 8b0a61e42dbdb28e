"""Settings of these tests; `--full` for the sizes of once per issue."""

from browser import chromium, pictures
from products import chance, full, product, shop_channels

__all__ = ["chance", "chromium", "full", "pictures", "product", "shop_channels"]


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="full sizes; takes long")
    parser.addoption("--chance", type=int, help="seed of the random kills")
