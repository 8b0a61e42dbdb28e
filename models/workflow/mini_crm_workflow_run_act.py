from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import plaintext2html

from ...engine.workflow import Performed
from ...engine.workflow_kinds import KEPT_DATES

SUMMARY = 200  # characters of a task's summary


class MiniCrmWorkflowRun(models.Model):
    """What runs do besides writing to the customer: all with the rights of their user.

    Commands are performed on runs that ``_as_actor()`` has made.
    """

    _inherit = "mini_crm.workflow.run"

    # Questions about the customer

    def _do_check(self, command):
        """Whether the customer meets a condition: edge ``yes`` or ``no``."""
        return Performed("yes" if self._meets(command.domain) else "no")

    def _do_read_date(self, command):
        """A date of the customer as ISO 8601; ``None``: he has none."""
        name, partner = command.name, self._partner()
        if name in KEPT_DATES:
            moment = partner[name]
            # the context has the shop's time zone
            day = moment and fields.Datetime.context_timestamp(partner, moment).date()
        else:
            day = partner._custom_values()[partner.id].get(name)
        return Performed(value=day.isoformat() if day else None)

    # Actions

    def _do_act(self, command):
        """Have ``_act_<kind>`` do what a node is told (its configuration)."""
        return getattr(self, f"_act_{command.kind}")(command.config)

    def _act_add_tag(self, config):
        """Put a tag on, as a person would: rules do not take it off."""
        tag = self._named("res.partner.category", config["tag"])
        self._partner().write({"category_id": [Command.link(tag.id)]})

    def _act_remove_tag(self, config):
        """Take a tag off, as a person would: rules do not put it on again."""
        tag = self._named("res.partner.category", config["tag"])
        self._partner().write({"category_id": [Command.unlink(tag.id)]})

    def _act_add_to_segment(self, config):
        """Put the customer into a segment for good."""
        self._pin(config["segment"], "in")

    def _act_remove_from_segment(self, config):
        """Take him out: of a list by hand off it, of a condition whatever it says."""
        segment = self._named("mini_crm.segment", config["segment"])
        self._pin(segment.id, "out" if segment.kind == "dynamic" else False)

    def _pin(self, segment_id, side):
        segment = self._named("mini_crm.segment", segment_id)
        partner = self._partner()
        partner.check_access("write")
        # sudo: agents do not change segments; the manager who published this may, and
        # the customer is one that this user may change
        segment.sudo()._pin([[partner.id, side]])

    def _act_create_task(self, config):
        """A task on the customer: for his owner, else whom the node names, else who
        has published the workflow, else a manager."""
        partner = self._partner()
        return self._create_task(
            [partner.user_id, self._user(config), self._publisher()],
            summary=self._text_of(config["summary"])[:SUMMARY],
            note=self._text_of(config.get("note")),
            days=config.get("days") or 0,
            activity_type_id=config.get("activity_type"),
        )

    def _act_hand_over(self, config):
        """A person goes on: he gets a task, and the conversation waits for him."""
        partner = self._partner()
        performed = self._create_task(
            [self._user(config), partner.user_id, self._publisher()],
            summary=self.env._("Go on with %s", partner.display_name)[:SUMMARY],
            note=self._text_of(config.get("note")),
        )
        self._wait_for_person()
        return performed

    def _create_task(self, people, *, summary, note="", days=0, activity_type_id=None):
        """Make a task for the first of some people who works in this company.

        The log tells when it is not as the node wants it: nobody of them is there any
        more, so a manager has it, or its type is gone.

        :param list people: records of ``res.users``, empty ones too
        :rtype: Performed
        :raises UserError: there is nobody who could do it
        """
        user = self._first_able(people)
        reason = "" if user else "task_for_manager"
        user = user or self._first_able(self.sudo().workflow_id._managers())
        if not user:
            raise UserError(
                self.env._(
                    "Nobody in %s could be given this task. Name a colleague in the"
                    " step, or make somebody a manager.",
                    self.env.company.name,
                )
            )
        kind = self.env["mail.activity.type"].browse(activity_type_id or ()).exists()
        if activity_type_id and not kind:
            reason = "task_type_gone"
        activity = self._partner().activity_schedule(
            activity_type_id=(kind or self.env.ref("mail.mail_activity_data_todo")).id,
            date_deadline=self.env.company._today() + timedelta(days=days),
            summary=summary,
            note=plaintext2html(note) if note else False,
            user_id=user.id,
        )
        self._note(task_id=activity.id, user_id=user.id)
        return Performed(value=reason)

    def _first_able(self, people):
        """The first of some users who works in this company, or none."""
        company = self.env.company
        none = self.env["res.users"]
        return next(
            (
                user
                for user in people
                if user.active and not user.share and company in user.company_ids
            ),
            none,
        )

    def _wait_for_person(self):
        """Put the conversation of this run among those that wait for an answer."""
        run = self.sudo()  # sudo: agents do not write identities
        identity = run.identity_id or self.env["mini_crm.identity"].sudo().search(
            [
                ("partner_id", "=", run.partner_id.id),
                ("company_id", "=", run.company_id.id),
                ("last_message_at", "!=", False),
            ],
            order="last_message_at DESC, id",
            limit=1,
        )
        if identity and not identity.waiting_since:
            identity.waiting_since = fields.Datetime.now()
            self.env["mini_crm.message"]._tell_changed(run.partner_id.ids)

    # What they need

    def _partner(self):
        """The customer, as the user of workflows may see him.

        :raises UserError: he may not be changed from here
        """
        partner = self.env["res.partner"].browse(self.sudo().partner_id.id)
        partner.check_access("write")
        return partner

    def _named(self, model, record_id):
        """A record that a node names.

        :raises UserError: it is gone, or belongs to another company
        """
        known = self.env[model].with_context(active_test=False)
        record = known.search([("id", "=", record_id)])
        if not record:
            raise UserError(
                self.env._(
                    "The %(kind)s that this step names is gone. Choose another one"
                    " and publish the workflow again.",
                    kind=self.env["ir.model"]._get(model).sudo().name,
                )
            )
        return record.with_context(active_test=True)

    def _user(self, config):
        # sudo: who works here is no secret to the machine
        return self.env["res.users"].sudo().browse(config.get("user") or ()).exists()

    def _publisher(self):
        return self.sudo().version_id.published_by_id

    def _text_of(self, template):
        """A template with the values of the customer, for people of the shop (str)."""
        return self._filled(template or "", self._partner())
