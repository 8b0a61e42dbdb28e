"""Entry point of `python3 -m runner`."""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 - this file must say so itself
    sys.exit("Mini CRM needs Python 3.10 or newer; python3 here is " + sys.version)

from .cli import main

sys.exit(main(sys.argv[1:]))
