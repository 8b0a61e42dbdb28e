from . import test_workflow_act
from . import test_workflow_actor
from . import test_workflow_doors
from . import test_workflow_publish
from . import test_workflow_safety
from . import test_workflow_side_by_side
from . import test_workflow_start
from . import test_workflow_worker
