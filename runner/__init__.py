"""The runner: everything behind `./run`. Standard library only, no Odoo import.

Start at cli.py (the table of commands). plan.py holds the rules as pure functions.
"""
