from odoo.tests import tagged

from .question_case import QuestionCase

NUMBER = "+989121234567"


@tagged("post_install", "-at_install")
class TestWorkflowSaving(QuestionCase):
    """Answers that are saved at the customer."""

    def updated(self, env):
        """The last event that tells of changed details."""
        events = self.partner(env).event_ids.filtered(
            lambda event: event.type == "field_updated"
        )
        return events.sorted("id")[-1:]

    def test_shared_contact_is_saved_with_old_value_and_run(self):
        run_id = self.asked(self.ask(answer="phone", save_to="phone"))
        self.assertEqual(list(self.buttons()), ["Share my number"])
        self.receive(self.contact(7, NUMBER.removeprefix("+"), at=self.soon()))
        self.assertEqual(self.answer_of(run_id), NUMBER)
        self.assertEqual(self.edges(run_id), ["answered"])
        with self.transaction() as env:
            self.assertEqual(self.partner(env).phone_sanitized, NUMBER)

    def test_contact_of_somebody_else_is_refused_and_explained(self):
        run_id = self.asked(self.ask(answer="phone", save_to="phone"))
        self.receive(self.contact(7, NUMBER, owner=8, at=self.soon()))
        self.assertEqual(self.question(run_id), "open")
        self.assertIn("somebody else's number", self.said()[-1])
        with self.transaction() as env:
            self.assertFalse(self.partner(env).phone)

    def test_typed_phone_is_told_as_change_by_a_workflow(self):
        run_id = self.asked(self.ask(answer="phone", save_to="phone"))
        self.write("۰۰۹۸۹۱۲۱۲۳۴۵۶۷")
        with self.transaction() as env:
            self.assertEqual(self.partner(env).phone_sanitized, NUMBER)
            event = self.updated(env)
            self.assertEqual(event.through, "workflow")
            old, new = event.data["phone"]
            self.assertEqual((old, new.replace(" ", "")), (None, NUMBER))
            told = (event.res_model, event.res_id)
            self.assertEqual(told, ("mini_crm.workflow.run", run_id))
            saved = self.run_of(env, run_id).step_ids.data["saved"]
            self.assertEqual((saved["field"], saved["old"]), ("phone", None))

    def test_phone_that_is_proved_to_be_anothers_stays_his(self):
        self.receive(self.message(8, "Hello", at=self.soon(-60)))
        self.receive(self.contact(8, NUMBER, at=self.soon(-50)))
        run_id = self.asked(self.ask(answer="phone", save_to="phone"))
        self.write(NUMBER)
        self.assertEqual(self.edges(run_id), ["answered"])
        with self.transaction() as env:
            self.assertFalse(self.partner(env).phone)
            self.assertEqual(self.partner(env, 8).phone_sanitized, NUMBER)
            suggested = self.identity(env).suggested_partner_id
            self.assertEqual(suggested, self.partner(env, 8))

    def test_run_goes_with_the_chat_that_turns_out_to_be_a_known_customers(self):
        with self.transaction() as env:
            known = env["res.partner"].create({"name": "Known", "phone": NUMBER})
            known_id = known.id
        self.addCleanup(self.remove_customers, [known_id])
        run_id = self.asked(self.ask(answer="phone", save_to="phone"))
        self.receive(self.contact(7, NUMBER, at=self.soon()))
        with self.transaction() as env:
            run = self.run_of(env, run_id)
            self.assertEqual(run.partner_id.id, known_id)
            self.assertEqual(run.step_ids.edge, "answered")

    def test_what_a_workflow_has_saved_before_is_in_nobodys_way_of_linking(self):
        with self.transaction() as env:
            known = env["res.partner"].create({"name": "Known", "phone": NUMBER})
            known_id = known.id
        self.addCleanup(self.remove_customers, [known_id])
        more = {"n2": self.ask("Number?", answer="phone", save_to="phone")}
        run_id = self.asked(
            self.ask("Name?", save_to="name", next={"answered": "n2"}), **more
        )
        self.write("Sara Ahmadi")
        self.arrive()
        with self.transaction() as env:
            self.assertEqual(self.partner(env).name, "Sara Ahmadi")
        self.receive(self.contact(7, NUMBER.removeprefix("+"), at=self.soon()))
        with self.transaction() as env:
            self.assertEqual(self.partner(env).id, known_id)
            self.assertEqual(self.run_of(env, run_id).partner_id.id, known_id)

    def test_name_and_email_are_saved(self):
        more = {"n2": self.ask("Mail?", answer="email", save_to="email")}
        node = self.ask("Name?", save_to="name", next={"answered": "n2"})
        self.asked(node, **more)
        self.write("Sara  Ahmadi")
        self.arrive()
        self.write("sara@example.com")
        with self.transaction() as env:
            partner = self.partner(env)
            self.assertEqual(partner.name, "Sara Ahmadi")
            self.assertEqual(partner.email, "sara@example.com")

    def test_rules_of_the_custom_field_are_explained_to_the_customer(self):
        with self.transaction() as env:
            field = env["mini_crm.field"].create(
                {"name": "Size", "type": "number", "rules": {"minimum": 10}}
            )
            key, field_id = field.key, field.id
        self.addCleanup(self.drop_field, field_id)
        run_id = self.asked(self.ask("Size?", answer="number", save_to=key))
        self.write("۵")
        self.assertEqual(self.said()[-1], "The smallest number possible is 10.")
        self.write("۴۲")
        self.assertEqual(self.answer_of(run_id), 42)
        with self.transaction() as env:
            partner = self.partner(env)
            self.assertEqual(partner._custom_values()[partner.id][key], 42)
            self.assertEqual(self.updated(env).data[key], [None, 42])

    def drop_field(self, field_id):
        with self.transaction() as env:
            field = env["mini_crm.field"].browse(field_id)
            field.action_archive()
            field.delete_values()
            field.unlink()

    def test_file_is_kept_with_the_customer_when_it_was_fetched(self):
        run_id = self.asked(self.ask("A photo?", answer="file"))
        photo = [{"file_id": "p1", "file_unique_id": "u", "width": 9, "height": 9}]
        self.receive(self.message(text=None, photo=photo, at=self.soon()))
        self.assertEqual(self.edges(run_id), ["answered"])
        with self.transaction() as env:
            message = env["mini_crm.message"].search(
                [("channel_id", "=", self.channel_id), ("kind", "=", "photo")]
            )
            message._record_media({0: b"\xff\xd8\xff\xe0 a picture"})
            partner_id = message.partner_id.id
        files = self.rows(
            """SELECT count(*) FROM ir_attachment
            WHERE res_model = 'res.partner' AND res_id = %s AND res_field IS NULL""",
            partner_id,
        )
        self.assertEqual(files, [(1,)])

    def test_words_are_no_file(self):
        run_id = self.asked(self.ask("A photo?", answer="file"))
        self.write("later")
        self.assertEqual(self.question(run_id), "open")
        self.assertEqual(self.said()[-1], "Please send a photo or a file.")
