# Odoo finds test files only in tests/ itself: every room's names are lifted up to here.
from .rights import *
from .customer import *
from .field import *
from .timeline import *
from .purchase import *
from .score import *
from .thread import *
from .condition import *
from .segment import *
from .tag import *
from .journey import *
from .batch import *
from .platform import *
from .api import *
from .browser import *
from .language import *
from .sources import *
