"""Condition room: what people write as conditions on customers, and stored rules.

Owns: the abstract ``mini_crm.condition`` (which fields a condition may name, what is
wrong with one, its sentence, its live count) and ``mini_crm.rule`` (a stored condition
that is kept up to date: evaluated as its owner, by difference), ``mini_crm.rule.mark``;
``res.partner.birthday_period``, the shop's calendar.
Listens to: every event of a customer, and the end of a recalculation of scores.
Offers: ``mini_crm.condition._query()``, ``_problems()``, ``_sentence()``; the extension
lists ``_condition_fields()``, ``mini_crm.rule._kinds()`` and ``_shipped()``.
Must not know: segments, tag rules, workflows.
"""

from . import base_partner_merge
from . import mini_crm_condition
from . import mini_crm_condition_query
from . import mini_crm_condition_count
from . import mini_crm_condition_sentence
from . import mini_crm_condition_template
from . import res_company
from . import res_config_settings
from . import res_partner
from . import mini_crm_rule
from . import mini_crm_rule_count
from . import mini_crm_rule_evaluation
from . import mini_crm_rule_listener
from . import mini_crm_rule_mark
from . import mini_crm_rule_owner
from . import mini_crm_rule_preview
from . import mini_crm_rule_rebuild
from . import mini_crm_rule_time
from . import mini_crm_field
from . import mini_crm_industry
from . import mini_crm_profile
from . import mini_crm_queue
from . import mini_crm_score_run
from . import res_users
from . import mini_crm_rule_shipped
from . import mini_crm_rule_template
from . import res_company_rules
from . import res_lang
