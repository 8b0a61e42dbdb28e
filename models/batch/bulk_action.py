"""What an action on many customers is like, for the dialog that offers it."""

from typing import NamedTuple

# Customers of one step: a transaction with all its rows, so that a kill loses nothing
# and nobody waits for long.
STEP = 2_000


class BulkAction(NamedTuple):
    """One choice of the dialog "Change many".

    :param label: for people, in their language
    :param icon: class of Font Awesome
    :param value: what is asked for besides: tag, field, user, segment, stage, task,
        text, or nothing
    :param size: customers of one step
    :param undo: whether it can be undone
    :param typed: whether the number of customers is to be typed to confirm
    :param opens: name of a method of ``mini_crm.batch`` that gets the filter and
        returns an action that is opened instead
    """

    label: str
    icon: str
    value: str = ""
    size: int = STEP
    undo: bool = True
    typed: bool = False
    opens: str = ""
