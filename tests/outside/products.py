# ruff: noqa: T201 - what a test measures is printed
"""Products for tests from outside: one served shop for all of a run, or a new one."""

import fcntl
import os
import secrets
import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from contract import Product
from shop_channels import connected


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
def product(request):
    """A product of its own, served; its database is dropped at the end."""
    home = Path(os.environ["MINI_CRM_HOME"])
    with ExitStack() as stack:
        served = stack.enter_context(fresh_product(home))
        print(f"\nfirst start, database included: {served.started_in:.0f} s")
        if len({item.path for item in request.session.items}) > 1:
            stack.enter_context(_kept_as_new(served))
        yield served


# The new database, while one is kept: making another takes a minute, a copy a second.
_AS_NEW = []


@contextmanager
def _kept_as_new(served):
    """Have the other products of this run begin with a copy of this one as it is."""
    served.stop()
    with _own_database(served.home) as name:
        _copy_shop(served, served.db, name)
        _AS_NEW.append(name)
        try:
            served.start()
            yield
        finally:
            _AS_NEW.clear()


def _copy_shop(product, source, name):
    """Copy a database that nobody uses, its files and its first password."""
    home = product.home
    done = product.run(
        *("psql", "-Xqd", "postgres", "-v", "ON_ERROR_STOP=1"),
        stdin=f"CREATE DATABASE {name} TEMPLATE {source}",
    )
    assert done.returncode == 0, done.stderr
    files = home / "data" / "filestore"
    if (files / source).exists():
        shutil.copytree(files / source, files / name)
    shutil.copy2(home / f"admin-password-{source}", home / f"admin-password-{name}")


@contextmanager
def fresh_product(home):
    """A product with a new database of its own that lives as long as the block.

    :param Path home: the runner's home
    """
    with _own_database(home) as name:
        served = Product(home, name)
        if _AS_NEW:
            _copy_shop(served, _AS_NEW[0], name)
        try:
            with served:
                yield served
        finally:
            served.log.unlink(missing_ok=True)


@contextmanager
def _own_database(home):
    """A name for a database; what is there by this name in the end is dropped."""
    name = f"outside_test_{secrets.token_hex(3)}"
    # The runner drops databases of this form whose lock nobody holds any more.
    lock = home / "locks" / name
    lock.parent.mkdir(parents=True, exist_ok=True)
    with open(lock, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield name
        finally:
            sql = f"DROP DATABASE IF EXISTS {name} (FORCE)"
            Product(home, name).run("psql", "-Xqd", "postgres", stdin=sql)
            shutil.rmtree(home / "data" / "filestore" / name, ignore_errors=True)
            shutil.rmtree(home / "secrets" / name, ignore_errors=True)
            (home / f"admin-password-{name}").unlink(missing_ok=True)
            lock.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def shop_channels(product):
    """A bot and an Instagram account, connected to the product (ShopChannels)."""
    with connected(product) as channels:
        yield channels
