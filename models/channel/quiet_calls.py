"""Odoo logs calls with their arguments at debug level: not those that bring tokens."""

import logging

SECRETIVE = ("mini_crm.channel",)


def _tells_no_secret(record):
    """Whether a line of the log may be written: ``call <records>.<method>(<args>)``."""
    arguments = record.args if isinstance(record.args, tuple) else ()
    return not any(getattr(arg, "_name", None) in SECRETIVE for arg in arguments)


logging.getLogger("odoo.service.model").addFilter(_tells_no_secret)
