"""Errors that say nothing of a run: somebody else writes the same rows just now."""

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

OURS = "mini_crm_"  # in the name of each unique index of ours


def is_race(error):
    """Whether what was begun is to be done again, as others were at the same rows.

    A unique index of ours is one that two transactions fill side by side; one of
    somebody else is a rule that stands in the way however often it is tried.

    :param Exception error: what a statement has raised
    :rtype: bool
    """
    if isinstance(error, UniqueViolation):
        return OURS in (error.diag.constraint_name or "")
    return isinstance(error, OperationalError)
