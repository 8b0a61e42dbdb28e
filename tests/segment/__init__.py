from . import test_segment_filter_panel
from . import test_segment_concurrency
from . import test_segment_difference
from . import test_segment_hand
from . import test_segment_look
from . import test_segment_shipped
from . import test_segment_wizard
from . import test_segment_merge
