# ruff: noqa: T201 - what a test measures is printed
"""One served shop for all tests of a run; `--full` for the sizes of once per issue."""

import fcntl
import os
import secrets
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from contract import Product
from shop_channels import connected


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="full sizes; takes long")
    parser.addoption("--chance", type=int, help="seed of the random kills")


@pytest.fixture(scope="session")
def full(request):
    """Whether the full sizes were asked for."""
    return request.config.getoption("--full") or bool(os.environ.get("MINI_CRM_FULL"))


@pytest.fixture(scope="session")
def chance(request):
    """Seed of what is random in this run; printed, so that it can be repeated."""
    chosen = request.config.getoption("--chance") or secrets.randbelow(10**6)
    print(f"\nseed of this run: {chosen} (repeat it with --chance {chosen})")
    return chosen


@pytest.fixture(scope="session")
def product():
    """A product of its own, served; its database is dropped at the end."""
    home = Path(os.environ["MINI_CRM_HOME"])
    with fresh_product(home) as served:
        print(f"\nfirst start, database included: {served.started_in:.0f} s")
        yield served


@contextmanager
def fresh_product(home):
    """A product with a database of its own that lives as long as the block.

    :param Path home: the runner's home
    """
    name = f"outside_test_{secrets.token_hex(3)}"
    # The runner drops databases of this form whose lock nobody holds any more.
    lock = home / "locks" / name
    lock.parent.mkdir(parents=True, exist_ok=True)
    with open(lock, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        served = Product(home, name)
        try:
            with served:
                yield served
        finally:
            served.run(
                "psql", "-Xqd", "postgres", stdin=f"DROP DATABASE {name} (FORCE)"
            )
            shutil.rmtree(home / "data" / "filestore" / name, ignore_errors=True)
            (home / f"admin-password-{name}").unlink(missing_ok=True)
            served.log.unlink(missing_ok=True)
            lock.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def shop_channels(product):
    """A bot and an Instagram account, connected to the product (ShopChannels)."""
    with connected(product) as channels:
        yield channels
