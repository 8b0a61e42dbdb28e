"""Seed data and measurements: ``./run seed``, ``./run demo-data`` and ``./run bench``.

Not part of the add-on: nothing here is loaded by Odoo. Every figure of a benchmark is
a ratio to plain Odoo or to bare SQL in the same run, because machines differ and are
busy.
"""
