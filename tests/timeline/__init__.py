from . import test_timeline_changes
from . import test_timeline_history
from . import test_timeline_log
from . import test_timeline_page
from . import test_timeline_queue
