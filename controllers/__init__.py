from . import api
from . import health
from . import webhook
