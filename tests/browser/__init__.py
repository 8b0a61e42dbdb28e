from . import test_browser_components
from . import test_browser_form_builder
from . import test_browser_tours
from . import test_browser_groups
from . import test_browser_nasty
from . import test_browser_filter_panel
from . import test_browser_touch
