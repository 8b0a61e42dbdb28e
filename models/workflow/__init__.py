"""Workflow room: what happens by itself, and the questions that it asks customers.

Owns: ``mini_crm.workflow``, ``.workflow.version``, ``.workflow.run``,
``.workflow.step``, ``.workflow.start``, ``.workflow.call`` (webhooks out),
``.workflow.mail`` (e-mails that wait),
``.workflow.step``, ``.workflow.call`` (webhooks out), ``.workflow.start``,
``mini_crm.webhook.secret``.
Logs: task_completed; else through the rooms below, with ``through="workflow"`` and the
run in the data.
Listens to: message_received (answers), message_sent and consent_changed (the end of a
question), and then to whatever may start a workflow, after scores, segments and tags.
Offers: the four doors of a run (start, event, timer, rebuild), ``_do_<command>``.
Must not know: campaigns, insight, dashboards.
"""

from . import mini_crm_webhook_secret
from . import mini_crm_workflow
from . import mini_crm_workflow_call
from . import mini_crm_workflow_run
from . import mini_crm_workflow_step
from . import mini_crm_workflow_time_start
from . import mini_crm_workflow_version

# what they do, and what the room adds to others
from . import base_partner_merge
from . import mail_activity
from . import mail_activity_type
from . import mini_crm_batch
from . import mail_message
from . import mini_crm_event
from . import mini_crm_field
from . import mini_crm_identity
from . import mini_crm_message
from . import mini_crm_message_question
from . import mini_crm_queue_answers
from . import mini_crm_queue_triggers
from . import mini_crm_segment
from . import mini_crm_segment_told
from . import mini_crm_workflow_bulk
from . import mini_crm_workflow_call_worker
from . import mini_crm_workflow_editor
from . import mini_crm_workflow_entry
from . import mini_crm_workflow_mail
from . import mini_crm_workflow_messages
from . import mini_crm_workflow_offers
from . import mini_crm_workflow_publish
from . import mini_crm_workflow_question
from . import mini_crm_workflow_references
from . import mini_crm_workflow_run_act
from . import mini_crm_workflow_run_answer
from . import mini_crm_workflow_run_doors
from . import mini_crm_workflow_run_ending
from . import mini_crm_workflow_run_mail
from . import mini_crm_workflow_run_numbers
from . import mini_crm_workflow_run_question
from . import mini_crm_workflow_run_reply
from . import mini_crm_workflow_run_save
from . import mini_crm_workflow_run_send
from . import mini_crm_workflow_run_vacuum
from . import mini_crm_workflow_run_webhook
from . import mini_crm_workflow_run_worker
from . import mini_crm_workflow_safety
from . import mini_crm_workflow_secrets
from . import mini_crm_workflow_time
from . import mini_crm_workflow_time_customer
from . import mini_crm_workflow_trigger
from . import mini_crm_workflow_turns
from . import res_company
from . import res_company_time
from . import res_config_settings
from . import res_partner
from . import res_partner_category
from . import res_partner_question

# templates, files, test runs, and what people see of runs
from . import mini_crm_workflow_by_hand
from . import mini_crm_workflow_dry_run
from . import mini_crm_workflow_file
from . import mini_crm_workflow_look
from . import mini_crm_workflow_template
from . import res_partner_workflows
