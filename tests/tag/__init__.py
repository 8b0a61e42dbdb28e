from . import test_tag_oracle
from . import test_tag_counts
from . import test_tag_difference
from . import test_tag_hands
from . import test_tag_rules
from . import test_tag_industries
from . import test_tag_property
from . import test_tag_merge
