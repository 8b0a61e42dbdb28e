from . import test_workflow_triggers
from . import test_workflow_triggers_bulk
from . import test_workflow_triggers_days
from . import test_workflow_triggers_time
