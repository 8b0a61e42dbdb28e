"""Odoo inside this process: one configuration, any number of databases."""

import os
import sys
from contextlib import contextmanager

import odoo
import odoo.modules.registry
from odoo import SUPERUSER_ID, api
from odoo.tools import config


class BenchError(Exception):
    """Something that the user can put right; the text says how."""


def configure():
    """Read the odoo.conf that ``MINI_CRM_CONF`` names; once per process.

    :raises BenchError: when there is none
    """
    conf = os.environ.get("MINI_CRM_CONF")
    if not conf:
        raise BenchError("MINI_CRM_CONF names no odoo.conf. Start this with ./run.")
    config.parse_config(
        ["-c", conf, "--no-http", "--log-level", "warn"], setup_logging=True
    )


def database():
    """Name of the database that ``MINI_CRM_DB`` or the configuration names (str)."""
    names = [os.environ.get("MINI_CRM_DB"), *(config["db_name"] or [])]
    name = next(filter(None, names), None)
    if not name:
        raise BenchError("MINI_CRM_DB names no database. Start this with ./run.")
    return name


@contextmanager
def opened(db):
    """An environment of the superuser on a database; commits at the end.

    :param str db: a database in which the add-on is installed
    :raises BenchError: when it is not there or the add-on is not in it
    """
    registry = _registry(db)
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})


def _registry(db):
    try:
        return odoo.modules.registry.Registry(db)
    except Exception as error:
        raise BenchError(f"The database {db} cannot be opened: {error}") from error


def require_product(env):
    """Refuse a database without the add-on.

    :raises BenchError: which says so
    """
    if "mini_crm.profile" not in env:
        raise BenchError(
            f"Mini CRM is not installed in the database {env.cr.dbname}."
            " Start ./run serve once, or name another database with --db."
        )


def say(text="", end="\n"):
    """Print at once, whatever stdout is."""
    sys.stdout.write(text + end)
    sys.stdout.flush()
