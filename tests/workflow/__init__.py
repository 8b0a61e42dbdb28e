from . import test_workflow_kill_switch
from . import test_workflow_webhook
