from . import test_browser_components
from . import test_browser_form_builder
from . import test_browser_groups
from . import test_browser_nasty
from . import test_browser_segments
from . import test_browser_tags
from . import test_browser_tours
from . import test_browser_score
