from . import test_duplicate_run
from . import test_duplicate_changes
from . import test_duplicate_decisions
from . import test_duplicate_queue
from . import test_duplicate_hint
from . import test_duplicate_merge
from . import test_duplicate_deletion
from . import test_browser_duplicates
