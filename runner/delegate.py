"""`./run seed`, `demo-data` and `bench`: programs of bench/ and what they need.

They run with the private Python, the checkout on its path, and find their way by
MINI_CRM_CONF (an odoo.conf), MINI_CRM_DB and MINI_CRM_HOME.
"""

from .process import run_terminal
from .serve import bring_database


def run_module(installation, module, words, *, needs_database=False):
    """Run a module of the checkout to its end.

    :param str module: dotted name
    :param words: its arguments
    :param bool needs_database: make the database first, if it is not there
    :returns: exit code (int)
    """
    with installation.up("dev"):
        db = installation.settings.db
        if needs_database:
            bring_database(installation, db)
        conf = installation.configure(db, installation.settings.port)
        env = installation.environment(conf)
        env["MINI_CRM_DB"] = db
        env["PYTHONPATH"] = str(installation.checkout)
        try:
            command = [installation.home.dev_python, "-m", module, *words]
            return run_terminal(command, env=env)
        finally:
            conf.unlink(missing_ok=True)
