"""A second server of a product: on the same database, with the same files and keys."""

import os
import secrets
import shutil
import subprocess
from contextlib import contextmanager

from contract import RUN, Product

_OWN = ("conf", "locks", "logs", "marks", "postgres", "tmp")


@contextmanager
def server_beside(product):
    """Another served Product on the database of a product, as long as the block lasts.

    It is found as an external database is, at the socket of `./run test`.

    :param Product product: the first server, which goes on
    """
    home = product.home / "tmp" / f"beside-{secrets.token_hex(3)}"
    home.mkdir()
    (product.home / "secrets").mkdir(mode=0o700, exist_ok=True)  # both have its keys
    try:
        for path in product.home.iterdir():
            if path.name not in _OWN and path.is_dir():
                (home / path.name).symlink_to(path)
        shutil.copytree(product.home / "marks", home / "marks")
        (home / "marks" / "postgres").unlink()
        # what it may not set up again: it shares the programs
        source = next(home.glob("venv/lib/*/site-packages/odoo-source.pth"))
        options = ("--db-host", os.environ["PGHOST"])
        options += ("--odoo", source.read_text().strip())
        beside = Product(home, product.db, options=options)
        beside.share_users(product)
        with beside:
            yield beside
    finally:
        subprocess.run([RUN, "stop", "--home", home], check=False)
        shutil.rmtree(home, ignore_errors=True)
