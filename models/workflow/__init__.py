"""Workflow room: what happens by itself, and the questions that it asks customers.

Owns: ``mini_crm.workflow``, ``.workflow.version``, ``.workflow.run``,
``.workflow.step``, ``.workflow.call`` (webhooks out).
Logs: through the rooms below, with ``through="workflow"`` and the run in the data.
Offers: the four doors of a run (start, event, timer, rebuild), ``_do_<command>``.
Must not know: campaigns, insight, dashboards.
"""

from . import base_partner_merge
from . import mini_crm_field
from . import mini_crm_segment
from . import mini_crm_workflow
from . import mini_crm_workflow_call
from . import mini_crm_workflow_editor
from . import mini_crm_workflow_entry
from . import mini_crm_workflow_publish
from . import mini_crm_workflow_references
from . import mini_crm_workflow_run
from . import mini_crm_workflow_run_act
from . import mini_crm_workflow_run_doors
from . import mini_crm_workflow_run_numbers
from . import mini_crm_workflow_run_worker
from . import mini_crm_workflow_safety
from . import mini_crm_workflow_step
from . import mini_crm_workflow_version
from . import res_company
from . import res_partner
from . import res_partner_category
