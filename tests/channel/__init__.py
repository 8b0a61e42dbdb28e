from . import test_channel_instagram_sending
from . import test_channel_outbox
from . import test_channel_sending
from . import test_channel_secrets
from . import test_channel_setup
from . import test_channel_watch
from . import test_channel_tour
