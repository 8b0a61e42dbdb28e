import json
from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError

from ...engine import workflow_check
from ...engine.workflow_file import (
    MARK,
    VERSION,
    FileProblem,
    localised,
    read_file,
)
from .workflow_file_texts import file_text
from .workflow_names import Inward, Outward
from .workflow_notices import problem_text
from .workflow_setting_words import setting_words

MAX_TOLD = 10  # problems of one file
# What a draft may lack: publishing asks for it.
OPEN = (
    "setting_missing",
    "trigger_unknown",
    "first_missing",
    "score_nothing",
    "choices_missing",
    "condition_empty",
    "date_missing",
)


class MiniCrmWorkflow(models.Model):
    """Workflows as files, from one shop to another: without addresses and people."""

    _inherit = "mini_crm.workflow"

    @api.readonly
    def get_export(self):
        """This workflow as a file (managers).

        Addresses of webhooks and colleagues are left out; tags, segments and the like
        are named by words.

        :return: ``{"name": of the file, "content": JSON text}``
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        definition = workflow_check.normalised(self.definition or {})
        content = {
            MARK: VERSION,
            "name": self.name,
            "definition": self._outward().definition(definition),
        }
        return {
            "name": f"workflow-{self.id}.json",
            "content": json.dumps(content, ensure_ascii=False, indent=2) + "\n",
        }

    def _outward(self):
        return Outward(self._of_company().env)

    def _of_company(self):
        """This workflow, or none, with nothing but its company in sight."""
        company = self.company_id or self.env.company
        return self.with_company(company).with_context(allowed_company_ids=company.ids)

    @api.model
    def import_file(self, content):
        """Make a draft of a file (managers); it starts nothing.

        :param str content: as ``get_export`` gives it
        :return: ``{"id", "missing": [what this shop lacks, in words]}``
        :rtype: dict
        :raise UserError: if the file is no workflow, says what is wrong where
        """
        self.check_access("create")
        try:
            raw = content.encode() if isinstance(content, str) else b""
            name, definition = read_file(raw)
        except UnicodeEncodeError as error:
            broken = FileProblem("file_text", given="utf8")
            raise UserError(file_text(self.env, broken)) from error
        except FileProblem as problem:
            raise UserError(file_text(self.env, problem)) from problem
        return self._draft_of(name, definition)

    @api.model
    def _draft_of(self, name, definition, make_tags=False, lang="", **values):
        """Make a draft of what a file has; see ``import_file``.

        :param dict definition: of known kinds
        :param str lang: of its texts, where it has them in several languages
        """
        shop = self._of_company()
        inward = Inward(shop, make_tags)
        found = inward.definition(definition)
        draft = workflow_check.normalised(localised(found, lang) if lang else found)
        self._refuse_broken(draft)
        workflow = shop.create(
            {
                "name": name,
                "company_id": shop.env.company.id,
                "definition": draft,
                **values,
            }
        )
        return {"id": workflow.id, "missing": inward.missing}

    def _refuse_broken(self, definition):
        """:raises UserError: for what nobody could mend in the editor"""
        found = [
            problem
            for problem in workflow_check.problems(definition)
            if not problem.warning and problem.code not in OPEN
        ]
        if not found:
            return
        labels = setting_words(self.env)
        lines = [self.env._("This file cannot be used:")]
        for problem in found[:MAX_TOLD]:
            label, _help = labels.get(problem.setting, (problem.setting, ""))
            text = problem_text(self.env, replace(problem, setting=label))
            lines.append(self._located({"node": problem.node, "message": text}))
        raise UserError("\n".join(lines))
