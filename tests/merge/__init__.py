from . import test_merge_addresses
from . import test_merge_choices
from . import test_merge_moves
from . import test_merge_references
from . import test_merge_refusals
from . import test_merge_tour
from . import test_merge_undo
from . import test_merge_wizard
