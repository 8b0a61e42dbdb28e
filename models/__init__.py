# Rooms in order of dependence: a room may use those above it, never those below.
from . import customer
from . import field
from . import timeline
from . import purchase
from . import score
from . import consent
from . import channel
from . import thread
from . import condition
from . import segment
from . import tag
from . import journey
from . import batch
from . import duplicate
from . import workflow
from . import api
from . import platform
