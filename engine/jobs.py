"""Scheduled jobs that Odoo has given up: when to set one going again."""

SOON = 600  # seconds; a job that is due by then needs no help
FIRST_PAUSE = 300  # seconds after a first failure, doubled with each further one
LONGEST_PAUSE = 4 * 3600  # seconds


def repair_needed(active, failures, due_in, failed_since):
    """What must be done so that a job runs again.

    Odoo lets a job that failed wait for its next turn, which for a daily one is
    tomorrow, and switches it off after five failures within more than seven days.

    :param bool active: whether the job is switched on
    :param int failures: how often it failed in a row
    :param float due_in: seconds until its next turn, negative when it is overdue
    :param float failed_since: seconds since it ran last, or None if it never did
    :returns: "switched_off", "waiting" or None when nothing is to be done

    >>> repair_needed(False, 0, 60, None), repair_needed(True, 0, 80_000, 60)
    ('switched_off', None)
    >>> repair_needed(True, 1, 80_000, 60), repair_needed(True, 1, 80_000, 301)
    (None, 'waiting')
    """
    if not active:
        return "switched_off"
    if not failures or due_in <= SOON:
        return None
    pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 16), LONGEST_PAUSE)
    return "waiting" if failed_since is None or failed_since >= pause else None
