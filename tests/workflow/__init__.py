from . import test_workflow_webhook
