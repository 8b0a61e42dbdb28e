"""Conditions that nobody may get anything out of: every one is to be refused."""

FIELDS_OF_OTHERS = """
    password new_password signup_token signup_type signup_expiration login user_ids
    group_ids all_group_ids company_ids api_key_ids totp_secret bank_ids vat comment
    message_ids message_follower_ids activity_ids write_uid create_uid write_date
    create_date id display_name active company_id parent_id child_ids
    commercial_partner_id mini_crm_profile_id score_parts has_photo image_1920
    custom_fields_extra journey_hold_until mini_crm_currency_id properties barcode
    custom_text_31 custom_text_0 custom_secret_1 CUSTOM_TEXT_1 __class__ _fields env
    _cr.execute res_partner.id pg_sleep(5) crm_score;DROP
""".split()
PATHS = """
    user_id.password user_id.login user_id.group_ids.name user_id.partner_id.vat
    parent_id.name company_id.name country_id.code source_id.name category_id.name
    referred_by_id.crm_score event_ids.data event_ids.partner_id.name
    purchase_ids.amount segment_ids.domain crm_score.month_number name.month_number
    last_contacted_at.hour_number last_contacted_at.tz last_contacted_at.secret
    last_contacted_at.month_number.year_number last_contacted_at. .crm_score . ..
    custom_fields_extra.key properties.x city.__class__ birthday_period.month_number
""".split()
OPERATORS = """
    any! not_any! parent_of child_of like =like =? == <> ! & | ~ ~* OR UNION IN ILIKE
    contains between is isnot exec eval @> -> ->> inselect
""".split() + ["not any!", "not like", "in\0", " =", "= ", "=\n", ""]
VALUES = [
    "80",
    "",
    "80; DROP TABLE res_partner",
    "(SELECT 1)",
    "1 OR 1=1",
    "NaN",
    "Infinity",
    True,
    10**16,
    -(10**16),
    10**400,
    float("nan"),
    float("inf"),
    float("-inf"),
    1 + 2j,
    b"80",
    {"a": 1},
    {1, 2},
    [80],
    [],
    [[80]],
    ["80"],
    [("crm_score", "=", 1)],
    ("uid",),
    object,
    range(5),
]
DATES = """
    yesterday today- today-30d today:-30d TODAY 2026-13-01 2026-02-30 0000-00-00
    9999-12-31 20260131 2026-1-1 31/01/2026 2026-01-31T25:00:00 2026-01-31T10:00Z
    1404-11-11 now() context_today() datetime.now() -99999999d +1x =13m =0d =24H =60M
    =99999y =5w =someday +1.5d --1d now-1d infinity epoch -30 30d -d
""".split() + [
    "today -30d ",
    " today",
    "today  -30d",
    "today -3H",
    "today -1d -1d -1d -1d -1d -1d",
    "today\0",
    "today -٣٠d",
    "now today",
    "2026-01-31 10:00:00+03:30",
]
TEXTS = [
    "x",
    "crm_score >= 80",
    "{",
    "{}",
    "{'a': 1}",
    "42",
    "'text'",
    "None()",
    "[('crm_score', '>=', uid)]",
    "[('crm_score', '>=', user.id)]",
    "[('crm_score', '>=', __import__('os').system('true'))]",
    "[('crm_score', '>=', (lambda: 1)())]",
    "[('crm_score', '>=', 8*10)]",
    "[('last_contacted_at', '<', context_today())]",
    "[('last_contacted_at', '<', datetime.datetime.now())]",
    "[(f'crm_score', '>=', f'{1}')]",
    "[('crm_score', '>=', 80)",
    "[('crm_score', '>=', 80)]]",
    "[('crm_score', '>=', 80)];import os",
    "('crm_score', '>=', 80)",
    "[('crm_score', '>=')]",
    "[('crm_score', '>=', 80, 1)]",
    "['crm_score']",
    "[[]]",
    "[None]",
    "[True]",
    "[1]",
    "['&']",
    "['|', ('crm_score', '>=', 80)]",
    "['!']",
    "['!', '!']",
    "['&', '|', ('crm_score', '>=', 80), ('crm_score', '>=', 80)]",
    "['AND', ('crm_score', '>=', 80)]",
    "['^', ('crm_score', '>=', 80), ('crm_score', '>=', 80)]",
    "[(2, '=', 1)]",
    "[(1, '!=', 1)]",
    "[(True, '=', ('a',))]",
    "[(1, '=', 0)]",
    "[(('crm_score',), '=', 1)]",
    "[('city', '=', 'a\\x00b')]",
    "[('city', 'ilike', 'a\\x00b')]",
    "[('city', '=', '\\ud800')]",
    "[('city', '=ilike', 'a\\\\')]",
    "[('city', 'ilike', '')]",
    "[('city', '=', '\\q')]",
    "\0[]",
    "[]\0",
    "[" * 150,
    "[" * 9000,
    "[" * 9000 + "]" * 9000,
    "-" * 10000 + "1",
    "(" * 9999,
    "9" * 15000,
    "[('crm_score', '>=', " + "9" * 9000 + ")]",
    "[('city', '=', '" + "x" * 20_001 + "')]",
    "[('city', '=', '" + "x" * 10_000_000 + "')]",
    "[" + "('city', '=', 'x'), " * 51 + "]",
    "[" + "'|', " * 50 + "('city', '=', 'x'), " * 51 + "]",
    "[" + "'!', " * 900 + "('city', '=', 'x')]",
    "['|', ('city', '=', 'x'), '&', ('city', '=', 'x'), '|', ('city', '=', 'x'), '&',"
    " ('city', '=', 'x'), '|', ('city', '=', 'x'), '&', ('city', '=', 'x'),"
    " ('city', '=', 'y')]",
]


def _nested(depth):
    inner = [("date", "<", "today")]
    for _step in range(depth):
        inner = [("event_ids", "any", inner)]
    return inner


LISTS = [
    42,
    True,
    {"a": 1},
    [("city", "=", "x" * 10_000_000)],
    [("city", "in", ["x"] * 1_000_000)],
    [("category_id", "in", list(range(1, 100_000)))],
    [("city", "=", "x")] * 100_000,
    ["!"] * 100_000,
    [("event_ids", "any", "[('type', '=', 'call_logged')]")],
    [("event_ids", "any", 5)],
    [("event_ids", "any", [5])],
    [("event_ids", "=", False)],
    [("event_ids", "in", [1])],
    [("event_ids", "any", [("partner_id", "=", 1)])],
    [("event_ids", "any", [("data", "ilike", "secret")])],
    [("event_ids", "any", [("author_id.password", "=", "x")])],
    [("event_ids", "any", [("company_id", "=", 1)])],
    [("event_ids", "any", [("type", "=", "nothing_known")])],
    [("event_ids", "any", [("date.hour_number", "=", 1)])],
    [("event_ids", "any", ["&", ("date", "<", "today")])],
    [("purchase_ids", "any", [("origin", "ilike", "x")])],
    [("purchase_ids", "any", [("partner_id.name", "ilike", "x")])],
    [("crm_score", "any", [("id", "=", 1)])],
    [("user_id", "any", [("password", "!=", False)])],
    [("category_id", "any", [("name", "=", "x")])],
    [("category_id", "child_of", [1])],
    [("category_id", "in", ["VIP"])],
    [("category_id", "in", [True])],
    [("category_id", "in", [1.0])],
    [("category_id", "in", [-1])],
    [("user_id", "=", 2**31)],
    [("user_id", "ilike", "admin")],
    [("crm_health", "=", "blue")],
    [("crm_health", "ilike", "g")],
    [("journey_stage", "=", True)],
    [("birthday_period", "=", "always")],
    [("birthday_period", "=", False)],
    [("custom_text_1", "=", "x")],  # no definition uses it
    [("custom_boolean_1", "=", True)],
    _nested(2),
    _nested(6),
    _nested(2000),
]


def conditions():
    """All of them, as (what it is, condition)."""
    for name in FIELDS_OF_OTHERS:
        yield f"field {name}", [(name, "=", "x")]
    for path in PATHS:
        yield f"path {path}", [(path, "=", 1)]
    for operator in OPERATORS:
        yield f"operator {operator!r}", [("crm_score", operator, 1)]
    for value in VALUES:
        yield f"value {str(value)[:20]}", [("crm_score", ">=", value)]
    for text in DATES:
        yield f"date {text!r}", [("last_contacted_at", "<", text)]
    for text in TEXTS:
        yield f"text {text[:40]!r}", text
    for number, given in enumerate(LISTS):
        yield f"list {number}", given
