from . import test_channel_instagram_sending
from . import test_channel_outbox
from . import test_channel_sending
from . import test_channel_inbox
from . import test_channel_identity
from . import test_channel_media
from . import test_channel_webhook
