"""Odoo's command line.

A file of its own, because with worker processes Odoo starts the one for the websocket
as `python THIS-FILE gevent`, and the `odoo` package's own start file is no program.
"""

from odoo.cli.command import main

main()
