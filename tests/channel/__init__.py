from . import test_channel_secrets
from . import test_channel_setup
from . import test_channel_watch
from . import test_channel_tour
