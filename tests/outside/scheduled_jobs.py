"""Scheduled jobs of a running product, which nobody may change while they run."""

import time

from contract_rpc import RpcError

AT_WORK = "This cron task is currently being executed"


def job(product, name):
    """Id of one of our scheduled jobs.

    :param str name: without the add-on, ``ir_cron_mini_crm_batch``
    """
    (row,) = product.sql(
        f"""SELECT res_id AS id FROM ir_model_data
        WHERE module = 'mini_crm' AND name = '{name}'"""
    )
    return row["id"]


def switch(product, name, *, active, seconds=60):
    """Switch a job on or off, as soon as it is not at work.

    :raises RpcError: when it still is after so many seconds
    """
    values, deadline = {"active": active}, time.monotonic() + seconds
    while True:
        try:
            product.rpc("superuser", "ir.cron", "write", [job(product, name)], values)
        except RpcError as error:
            if AT_WORK not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return
