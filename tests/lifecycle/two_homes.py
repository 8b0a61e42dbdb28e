"""A second home beside the first: another machine, as far as a backup can tell.

It shares the programs by links, so that it is there in a second, and nothing else: its
own PostgreSQL with its own data folder, filestore, configuration and keys.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
from contextlib import contextmanager

from contract import RUN

_OWN = (
    "addons",
    "conf",
    "data",
    "locks",
    "logs",
    "marks",
    "postgres",
    "secrets",
    "tmp",
)


@contextmanager
def second_home(home):
    """A home (Path) that lives as long as the block.

    :param Path home: the first one
    """
    # Below the first one, because PostgreSQL's system user must be able to get there.
    second = home / "tmp" / f"second-{secrets.token_hex(3)}"
    second.mkdir()
    second.chmod(0o755)
    try:
        for path in home.iterdir():
            if path.name not in _OWN and path.is_dir():
                (second / path.name).symlink_to(path)
        shutil.copytree(home / "marks", second / "marks")
        (second / "marks" / "postgres").unlink()
        yield second
    finally:
        subprocess.run([RUN, "stop", "--home", second], check=False)
        shutil.rmtree(second, ignore_errors=True)


def rows_by_hash(product):
    """What is in a database: {table: md5 of its rows, ordered by their text}.

    Sequences are in it, too: the next customer must get the same number.
    """
    tables = product.sql(
        """SELECT format('%I', relname) AS name FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"""
    )
    hashes = " UNION ALL ".join(
        f"SELECT '{table['name']}' AS name, count(*) AS rows, md5(string_agg(t::text,"
        f" '|' ORDER BY t::text)) AS hash FROM {table['name']} t"
        for table in tables
    )
    found = {row["name"]: (row["rows"], row["hash"]) for row in product.sql(hashes)}
    for row in product.sql("SELECT sequencename, last_value FROM pg_sequences"):
        found[f"sequence {row['sequencename']}"] = row["last_value"]
    return found


def structure(product):
    """Names of indexes and constraints, and types of columns: set of str."""
    rows = product.sql(
        """SELECT tablename || ' ' || indexname AS name FROM pg_indexes
        WHERE schemaname = 'public'
        UNION SELECT conrelid::regclass || ' ' || conname || ' ' || contype::text
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION SELECT table_name || '.' || column_name || ' ' || data_type || is_nullable
            || coalesce(column_default, '') FROM information_schema.columns
        WHERE table_schema = 'public'"""
    )
    return {row["name"] for row in rows}


def files_by_hash(product):
    """The files that a database names: {name: sha256, or None when it is missing}."""
    folder = product.home / "data" / "filestore" / product.db
    names = product.sql(
        """SELECT DISTINCT store_fname AS name FROM ir_attachment
        WHERE store_fname IS NOT NULL"""
    )
    found = {}
    for row in names:
        path = folder / row["name"]
        content = path.read_bytes() if path.exists() else None
        found[row["name"]] = content and hashlib.sha256(content).hexdigest()
    return found


def drop(product):
    """Drop the database of a product with all that the runner keeps of it."""
    product.stop()
    done = product.run("reset", "--yes")
    assert done.returncode == 0, done.stderr
    product.log.unlink(missing_ok=True)
    for lock in (product.home / "locks").glob(f"*-{product.db}"):
        os.unlink(lock)
