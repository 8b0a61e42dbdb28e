import json
from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import workflow_check
from ...engine.workflow import FORMAT, MAX_NODES
from ...engine.workflow_kinds import CHANNELS, NODES, TRIGGERS
from ...engine.workflow_references import configured
from . import workflow_setting_words, workflow_words
from .mini_crm_workflow import MOST_PER_HOUR
from .workflow_notices import problem_text

MAX_SIZE = 500_000  # characters of a definition as JSON
COUNTED = 10_000  # an exact number up to here, "more" beyond
NOT_SENT = ("not_sent", "window_closed")  # ways out that mean trouble
BLANK = {
    "format": FORMAT,
    "trigger": {"kind": ""},
    "bulk": False,
    "entry": {"policy": "once", "days": 30},
    "audience": "[]",
    "leave": False,
    "first": None,
    "nodes": {},
}

_NUMBERS = """
    SELECT node,
        (SELECT count(*) FROM (
            SELECT FROM mini_crm_workflow_run
            WHERE version_id = %(version)s AND node = given.node
                AND state IN ('running', 'waiting') LIMIT %(most)s) AS few) AS waiting,
        (SELECT count(*) FROM (
            SELECT FROM mini_crm_workflow_step
            WHERE version_id = %(version)s AND node = given.node
                AND (edge IS NULL OR edge NOT IN %(not_sent)s)
            LIMIT %(most)s) AS few) AS passed,
        (SELECT count(*) FROM (
            (SELECT FROM mini_crm_workflow_step
            WHERE version_id = %(version)s AND node = given.node
                AND edge IN %(not_sent)s LIMIT %(most)s)
            UNION ALL
            (SELECT FROM mini_crm_workflow_run
            WHERE version_id = %(version)s AND node = given.node
                AND state = 'failed' LIMIT %(most)s)) AS few) AS failed
    FROM unnest(%(nodes)s::varchar[]) AS given (node)"""


class MiniCrmWorkflow(models.Model):
    """What the visual editor shows, and what it saves."""

    _inherit = "mini_crm.workflow"

    name = fields.Char(default=lambda self: self.env._("New workflow"))
    revision = fields.Integer(
        readonly=True, copy=False, help="Counts the changes of the definition."
    )
    revised_by_id = fields.Many2one(
        "res.users", "Last Edited By", readonly=True, copy=False, ondelete="set null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        # A form sends an empty definition: there is no change to count yet.
        return super().create(
            [
                self._revised(vals, 0) if vals.get("definition") else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """Every new definition has a number, whoever brings it."""
        if "definition" not in vals:
            return super().write(vals)
        for workflow in self:
            super(MiniCrmWorkflow, workflow).write(
                self._revised(vals, workflow.revision)
            )
        return True

    def _revised(self, vals, revision):
        given = vals["definition"]
        if given:  # whoever looks at drafts relies on it; without any step it may be
            self._check_shape(
                {"nodes": {}, **given} if isinstance(given, dict) else given
            )
        return {**vals, "revision": revision + 1, "revised_by_id": self.env.uid}

    @api.readonly
    def get_editor_data(self):
        """All that the editor needs, in one call (agents); of a new one on no record.

        Of addresses of webhooks only managers are told more than the host.

        :return: ``{"definition", "revision", "version", "may_edit", "most_per_hour",
            "unpublished", "problems", "sentences", "names", "triggers", "nodes",
            "groups", "variables", "fields", "dates", "segments"}``. ``triggers`` and
            ``nodes`` are lists of
            ``{"name", "label", "help", "settings"}``, nodes also with ``edges``
            ([name, label] each) and ``group``; ``settings`` are those of
            ``engine.workflow_kinds`` with ``label``, ``help`` and ``options``
            ([value, label] each). ``fields`` are ``{"name", "label", "type",
            "choices"}``, ``variables`` and ``dates`` [name, label], ``segments`` [id,
            label]; ``problems``, ``sentences`` and ``names`` are as ``get_problems``
            gives them, ``version`` is the number of the published one, or 0, and
            ``unpublished`` tells whether publishing would change what it does
        :rtype: dict
        """
        self.check_access("read")
        definition = self._shown_definition() or BLANK
        kinds = _Kinds(self.env)
        return {
            "definition": definition,
            "revision": self.revision,
            "version": self.version_id.number,
            "unpublished": self._unpublished(),
            "may_edit": self.has_access("write"),
            "most_per_hour": self.max_runs_per_hour if self else MOST_PER_HOUR,
            "triggers": kinds.triggers(),
            "nodes": kinds.nodes(),
            "groups": [list(item) for item in kinds.groups.items()],
            "variables": self._variables(),
            "fields": self._fields_to_save(),
            "dates": self._dates_to_wait_for(),
            "segments": self._segments_to_choose(),
            **self.get_problems(definition),
        }

    def _unpublished(self):
        """Whether what is drawn differs from what customers follow.

        :rtype: bool
        """
        drawn = self.sudo()  # sudo: an answer of yes or no shows no address
        published = drawn.version_id.definition
        return workflow_check.normalised(drawn.definition) != published

    @api.readonly
    def get_problems(self, definition):
        """What is wrong with a definition, and what its conditions say (agents).

        :param dict definition: see ``engine.workflow``
        :return: ``{"problems": [{"node", "setting", "code", "text", "warning"}],
            "sentences": {condition: what it says}, "names": {"model,id": name of a
            record}}``; ``node`` is empty for the trigger and the whole, with a warning
            it may be published
        :rtype: dict
        :raise UserError: if it is no definition, or too large
        """
        self.check_access("read")
        self._check_shape(definition)
        company = self.company_id or self.env.company
        shop = self.with_company(company).with_context(allowed_company_ids=company.ids)
        return {
            "problems": shop._problem_rows(definition),
            "sentences": shop._sentences_in(definition),
            "names": shop._names_in(definition),
        }

    def _problem_rows(self, definition):
        found = workflow_check.problems(definition)
        if all(problem.warning for problem in found):
            # what is malformed names nothing
            found = [*found, *self._reference_problems(definition)]
        labels = workflow_setting_words.setting_words(self.env)
        rows = []
        for problem in found:
            label, _help = labels.get(problem.setting, (problem.setting, ""))
            rows.append(
                {
                    "node": problem.node,
                    "setting": problem.setting,
                    "code": problem.code,
                    "text": problem_text(self.env, replace(problem, setting=label)),
                    "warning": problem.warning,
                }
            )
        return rows

    def _sentences_in(self, definition):
        """What the conditions of a definition say: {condition: sentence}."""
        conditions = self.env["mini_crm.condition"]
        nodes = definition["nodes"].values()
        domains = [node.get("domain") for node in nodes] + [definition.get("audience")]
        return {
            domain: conditions._sentence(domain)
            for domain in domains
            if isinstance(domain, str) and domain not in ("", "[]")
        }

    def _names_in(self, definition):
        """Names of the records that a definition points to: {"model,id": name}."""
        wanted = defaultdict(set)
        for _node, setting, value in configured(definition):
            if setting.kind == "record" and isinstance(value, int):
                wanted[setting.model].add(value)
        return {
            f"{model},{record.id}": record.display_name
            for model, ids in wanted.items()
            for record in self.env[model].browse(ids).exists()
        }

    def save_definition(self, definition, revision):
        """Keep what was drawn; customers follow it once it is published (managers).

        :param dict definition: see ``engine.workflow``; it may be incomplete
        :param int revision: on which it is based
        :return: ``{"saved": True, "revision", "unpublished", "problems", "sentences",
            "names"}``, or, when somebody else has saved since, ``{"saved": False,
            "revision", "definition", "author"}`` of that change; then nothing is
            written
        :rtype: dict
        :raise UserError: if it is no definition, or too large
        """
        self.ensure_one()
        self.check_access("write")
        self._check_shape(definition)
        if revision != self.revision:
            return {
                "saved": False,
                "revision": self.revision,
                "definition": self.definition or BLANK,
                # sudo: a name, which the company's colleagues know
                "author": self.revised_by_id.sudo().name or "",
            }
        # Two who save at once: PostgreSQL lets one through, the other is tried again.
        self.definition = definition
        return {
            "saved": True,
            "revision": self.revision,
            "unpublished": self._unpublished(),
            **self.get_problems(definition),
        }

    def _check_shape(self, definition):
        """The little that must be right for looking at it at all."""
        given = definition if isinstance(definition, dict) else {}
        nodes, trigger = given.get("nodes"), given.get("trigger")
        if not isinstance(nodes, dict) or not all(
            isinstance(part, dict) and isinstance(part.get("kind", ""), str)
            for part in ({} if trigger is None else trigger, *nodes.values())
        ):
            raise UserError(
                self.env._(
                    "This is no workflow: it has to be an object with “trigger” and"
                    " “nodes”, and the “kind” of each has to be a word. Export one to"
                    " see what it looks like."
                )
            )
        if len(nodes) > MAX_NODES or len(json.dumps(definition)) > MAX_SIZE:
            raise UserError(
                self.env._(
                    "A workflow may have %(nodes)s steps and %(size)s characters at"
                    " most. Make two of it: one can put on a tag that starts the"
                    " other.",
                    nodes=MAX_NODES,
                    size=MAX_SIZE,
                )
            )

    @api.readonly
    def get_numbers(self):
        """How many customers are where, in the published version (agents).

        :return: ``{node: {"waiting", "passed", "failed"}}``, each at most ``COUNTED``
            + 1, which means more; ``failed`` are those whose message could not be sent
            or whose run broke there
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: addresses in it are for managers, which steps there are is not
        nodes = list((self.version_id.sudo().definition or {}).get("nodes") or ())
        if not nodes:
            return {}
        self.env["mini_crm.workflow.run"].flush_model()
        self.env["mini_crm.workflow.step"].flush_model()
        self.env.cr.execute(
            SQL(
                _NUMBERS,
                version=self.version_id.id,
                nodes=nodes,
                most=COUNTED + 1,
                not_sent=NOT_SENT,
            )
        )
        return {
            row["node"]: {
                "waiting": row["waiting"],
                "passed": row["passed"],
                "failed": min(row["failed"], COUNTED + 1),
            }
            for row in self.env.cr.dictfetchall()
        }


class _Kinds:
    """The tables of ``engine.workflow_kinds`` with words for people."""

    def __init__(self, env):
        self.groups = workflow_words.group_words(env)
        self._trigger_words = workflow_words.trigger_words(env)
        self._node_words = workflow_words.node_words(env)
        self._edges = workflow_words.edge_words(env)
        self._settings = workflow_setting_words.setting_words(env)
        self._options = workflow_setting_words.option_words(env)
        self._channels = workflow_setting_words.channel_words(env)

    def triggers(self):
        """list[dict]: as ``get_editor_data`` gives them."""
        return [
            self._kind(kind, self._trigger_words[kind.name])
            for kind in TRIGGERS.values()
        ]

    def nodes(self):
        """list[dict]: as ``get_editor_data`` gives them, in the palette's order."""
        order = list(self.groups)
        kinds = sorted(NODES.values(), key=lambda kind: order.index(kind.group))
        return [
            {
                **self._kind(kind, self._node_words[kind.name]),
                "group": kind.group,
                "edges": [[edge, self._edges[edge]] for edge in kind.edges],
            }
            for kind in kinds
        ]

    def _kind(self, kind, words):
        return {
            "name": kind.name,
            "label": words[0],
            "help": words[1],
            "settings": [self._setting(kind, setting) for setting in kind.settings],
        }

    def _setting(self, kind, setting):
        longer = f"{kind.name}.{setting.name}"
        label, help_text = self._settings.get(longer) or self._settings[setting.name]
        words = self._options.get(longer) or self._options.get(setting.name) or {}
        options = [[option, words[option]] for option in setting.options]
        if setting.name == "channels":
            options = [[channel, self._channels[channel]] for channel in CHANNELS]
        return {
            "name": setting.name,
            "kind": setting.kind,
            "label": label,
            "help": help_text,
            "required": setting.required,
            "default": setting.default,
            "options": options,
            "model": setting.model,
            "least": setting.least,
            "most": setting.most,
            "template": setting.template,
        }
