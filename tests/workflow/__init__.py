from . import test_workflow_answers
from . import test_workflow_questions
from . import test_workflow_saving
