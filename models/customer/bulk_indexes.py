"""Indexes of a table that is about to be filled."""

from contextlib import contextmanager

from odoo import models
from odoo.tools import sql


@contextmanager
def indexes_afterwards(model):
    """Drop the declared indexes of a model's table, and build them at the end.

    For filling a table that is empty or nearly so: built at once an index is half as
    large, in a third of the time. The table is locked until the commit.
    """
    indexes = [
        index
        for index in model._table_objects.values()
        if isinstance(index, models.Index) and not index.unique
    ]
    for index in indexes:
        sql.drop_index(model.env.cr, index.full_name(model), model._table)
    yield
    for index in indexes:
        index.apply_to_database(model)
