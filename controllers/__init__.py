from . import api
from . import batch
from . import health
from . import webhook
