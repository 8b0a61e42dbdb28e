"""What earns full marks was constant: factors get it as a setting."""

FULL = {
    "engagement.interactions": 50,
    "purchases.count": 10,
    "loyalty.since": 730,
    "loyalty.repeat": 4,
}
HALF_LIFE = 30


def migrate(cr, _version):
    """Give the factors from before what counted until now."""
    cr.execute(
        """ALTER TABLE mini_crm_score_factor
            ADD COLUMN IF NOT EXISTS full_marks integer,
            ADD COLUMN IF NOT EXISTS half_life_days integer"""
    )
    for key, full in FULL.items():
        cr.execute(
            "UPDATE mini_crm_score_factor SET full_marks = %s WHERE key = %s",
            [full, key],
        )
    cr.execute(
        """UPDATE mini_crm_score_factor SET half_life_days = %s
        WHERE key = 'engagement.recency'""",
        [HALF_LIFE],
    )
