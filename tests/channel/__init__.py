from . import test_channel_instagram_sending
from . import test_channel_outbox
from . import test_channel_sending
