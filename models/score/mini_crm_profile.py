from odoo import api, fields, models
from odoo.tools import SQL

from ..customer.shared_id import SharedId

# Never NULL, so that sums and comparisons need no care.
ZERO = (
    "total_interactions",
    "total_engagements",
    "asks_closed",
    "asks_answered",
    "total_purchases",
    "total_spent",
    "average_order_value",
    "basic_filled",
    "custom_filled",
    "referrals",
    "response_rate",
)


class MiniCrmProfile(models.Model):
    """What the machine knows of a customer; its id is the partner's id.

    A narrow side table: rewriting every score does not touch ``res_partner``
    (docs/architecture.md). Rows are made and written by SQL only, in these files:
    ``_members`` (who has one), ``_counters`` (figures from events and purchases),
    ``_scores`` (score, health, stage), ``_listener`` (what events change).
    """

    _name = "mini_crm.profile"
    _description = "Customer Profile"
    _log_access = False
    _rec_name = "id"

    partner_id = SharedId("res.partner", "Customer", prefetch="mini_crm_partner")

    # counters, from events and purchases
    total_interactions = fields.Integer()
    total_engagements = fields.Integer(help="Incoming messages and clicks.")
    asks_closed = fields.Integer(help="Asks followed by an incoming message.")
    asks_answered = fields.Integer(help="Asks answered within 72 hours.")
    ask_open_at = fields.Datetime(
        help="Last outgoing message that waits for an answer."
    )
    first_interaction_at = fields.Datetime()
    last_contacted_at = fields.Datetime("Last Contact")
    total_purchases = fields.Integer("Purchases")
    total_spent = fields.Float("Spent")
    average_order_value = fields.Float("Average Order")
    first_purchase_at = fields.Datetime()
    last_purchase_at = fields.Datetime("Last Purchase")
    customer_since = fields.Datetime()
    imported_since = fields.Datetime(help="Customer since, as an import said it.")
    currency_id = fields.Many2one("res.currency", help="Currency of the amounts.")
    basic_filled = fields.Integer(help="Of name, e-mail, phone, photo, source, city.")
    custom_filled = fields.Integer(help="Custom fields that have a value.")
    has_photo = fields.Boolean()
    referrals = fields.Integer()
    advocate = fields.Boolean(help="Has a tag that marks advocates.")
    # results
    crm_score = fields.Integer("Score", aggregator="avg")
    score_parts = fields.Json()
    response_rate = fields.Float(aggregator="avg")
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
    stage_since = fields.Datetime(
        "In Stage Since",
        help="Since the last move; of who never moved since the first dealing of the"
        " stage. Empty when nobody can know.",
    )
    journey_hold_until = fields.Date("Stage Held Until")
    score_logged = fields.Integer(help="Score when score_changed was last logged.")
    health_logged = fields.Char(help="Health when health_changed was last logged.")

    # One index serves both directions of a column: see res.partner._order_field_to_sql.
    _score_idx = models.Index("(crm_score DESC NULLS LAST, id DESC)")
    _last_contacted_idx = models.Index("(last_contacted_at DESC NULLS LAST, id DESC)")
    _spent_idx = models.Index("(total_spent DESC NULLS LAST, id DESC)")
    _purchases_idx = models.Index("(total_purchases DESC NULLS LAST, id DESC)")
    _health_idx = models.Index(
        "(crm_health, crm_score DESC NULLS LAST, id DESC) WHERE crm_health IS NOT NULL"
    )
    _no_health_idx = models.Index(
        "(crm_score DESC NULLS LAST, id DESC) WHERE crm_health IS NULL"
    )
    _stage_idx = models.Index("(journey_stage, crm_score DESC NULLS LAST, id DESC)")
    _unscored_idx = models.Index("(id) WHERE crm_score IS NULL")

    def init(self):  # pylint: disable=missing-return
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
        changes = [
            SQL(
                "ALTER COLUMN %(c)s SET DEFAULT %(v)s, ALTER COLUMN %(c)s SET NOT NULL",
                c=c,
                v=v,
            )
            for c, v in (
                *((SQL.identifier(name), SQL("0")) for name in ZERO),
                *((SQL.identifier(n), SQL("FALSE")) for n in ("has_photo", "advocate")),
            )
        ]
        self.env.cr.execute(
            SQL("ALTER TABLE mini_crm_profile %s", SQL(", ").join(changes))
        )

    @api.model
    def _forget_cache(self):
        """Have the ORM read profiles anew: SQL has just written some."""
        self.env["mini_crm.profile"].invalidate_model(flush=False)
        partner = self.env["res.partner"]
        shown = [
            name for name, field in partner._fields.items() if _from_profile(field)
        ]
        partner.invalidate_model(shown, flush=False)


def _from_profile(field):
    """Whether a field of ``res.partner`` shows the profile."""
    related = field.related or ""
    return field.name == "mini_crm_profile_id" or related.startswith(
        "mini_crm_profile_id."
    )
