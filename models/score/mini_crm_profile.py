from odoo import api, fields, models
from odoo.tools import SQL

from ..customer.shared_id import SharedId


class MiniCrmProfile(models.Model):
    """What the machine knows of a customer; its id is the partner's id.

    A narrow side table: rewriting every score does not touch ``res_partner``
    (docs/architecture.md, A2). Rows are made and written by SQL only.
    """

    _name = "mini_crm.profile"
    _description = "Customer Profile"
    _log_access = False
    _rec_name = "id"

    partner_id = SharedId("res.partner", "Customer")

    # counters, from events and purchases
    total_interactions = fields.Integer()
    asks_closed = fields.Integer(help="Asks answered, or unanswered for 72 hours.")
    asks_answered = fields.Integer()
    ask_open_at = fields.Datetime(help="Last outgoing message that waits for an answer.")
    first_interaction_at = fields.Datetime()
    last_contacted_at = fields.Datetime("Last Contact")
    total_purchases = fields.Integer("Purchases")
    total_spent = fields.Float("Spent")
    average_order_value = fields.Float("Average Order")
    first_purchase_at = fields.Datetime()
    last_purchase_at = fields.Datetime("Last Purchase")
    customer_since = fields.Datetime()
    imported_since = fields.Datetime()
    currency_id = fields.Many2one("res.currency")
    basic_filled = fields.Integer(help="Of name, e-mail, phone, photo, source, city.")
    custom_filled = fields.Integer()
    has_photo = fields.Boolean()
    referrals = fields.Integer()
    counted_until = fields.Integer(help="Id of the last event counted.")
    # results
    crm_score = fields.Integer("Score")
    score_parts = fields.Json()
    response_rate = fields.Float()
    crm_health = fields.Selection(
        [("green", "Healthy"), ("yellow", "Moderate"), ("red", "At risk")], "Health"
    )
    journey_stage = fields.Selection(
        [
            ("awareness", "Awareness"),
            ("consideration", "Consideration"),
            ("purchase", "Purchase"),
            ("retention", "Retention"),
            ("advocacy", "Advocacy"),
        ],
        # NOT NULL is declared in init(): with required=True the ORM would drop the
        # condition ('journey_stage', '!=', False), which is what makes a customer.
    )
    journey_hold_until = fields.Date("Stage Held Until")
    score_logged = fields.Integer(help="Score when score_changed was last logged.")
    health_logged = fields.Char(help="Health when health_changed was last logged.")

    _score_idx = models.Index("(crm_score, id)")
    _last_contacted_idx = models.Index("(last_contacted_at, id)")
    _spent_idx = models.Index("(total_spent, id)")
    _stage_idx = models.Index("(journey_stage)")

    def init(self):
        super().init()
        # The id is the partner's: declared by hand, as the ORM has no such field.
        self.env.cr.execute(
            """
            ALTER TABLE mini_crm_profile SET (fillfactor = 70);
            ALTER TABLE mini_crm_profile ALTER COLUMN journey_stage SET NOT NULL;
            ALTER TABLE mini_crm_profile
                DROP CONSTRAINT IF EXISTS mini_crm_profile_partner_fkey,
                ADD CONSTRAINT mini_crm_profile_partner_fkey
                FOREIGN KEY (id) REFERENCES res_partner (id) ON DELETE CASCADE
            """
        )

    @api.model
    def _apply_customer_rule(self, installing=False):
        """Make profiles of the partners that the rule makes customers; set-based."""
        condition = self.env["res.partner"]._customer_condition("p")
        self.env.cr.execute(
            SQL(
                """INSERT INTO mini_crm_profile (id, journey_stage, crm_score, customer_since)
                SELECT p.id, 'awareness', p.id %% 100, p.create_date FROM res_partner p
                WHERE %s ON CONFLICT DO NOTHING""",
                condition,
            )
        )

    @api.model
    def _on_events(self, claimed):
        """Listener"""
