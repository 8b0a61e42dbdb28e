from . import test_segment_filter_panel
