"""Entry point of `python3 -m runner`."""

import sys

if sys.version_info < (3, 10):
    sys.exit("Mini CRM needs Python 3.10 or newer; python3 here is " + sys.version)

from .cli import main

sys.exit(main(sys.argv[1:]))
