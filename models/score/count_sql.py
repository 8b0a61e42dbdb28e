"""Triggers that keep the counts of customers right, whoever writes.

Statement by statement they append what has changed to ``mini_crm_customer_count``:
signed differences, never a row that is written twice, so that transactions side by side
neither wait for each other nor fail. What they need of a contact stands in its profile
too (``partner_company_id`` and others): a profile that goes with its contact is deleted
when the contact cannot be read any more.

A change of many is planned for the rows at hand: by the plan for a single event it
would take hours. That of a few has a plan that is kept, as planning takes ten times as
long as counting them. All functions do nothing when the tables of this add-on are gone.
"""

from odoo.tools import SQL

LINKS = SQL.identifier("res_partner_res_partner_category_rel")
FUNCTIONS = (
    "mini_crm_count_profiles",
    "mini_crm_count_tags",
    "mini_crm_follow_contact",
    "mini_crm_follow_tag",
)

# What a profile adds to the counts: its cell, and its figures.
_CELL = (
    "partner_company_id",
    "partner_share",
    "partner_active",
    "journey_stage",
    "crm_health",
)
_FIGURES = ("crm_score", "total_purchases", "total_spent")


def _names(names, alias):
    """Columns of an alias, comma separated."""
    return SQL(", ").join(SQL.identifier(alias, name) for name in names)


def _signed(profile, sign):
    """Columns of what a profile adds to the counts, or takes from them.

    :param str profile: alias of ``mini_crm_profile``
    :param SQL sign: of an added one 1, of one taken away -1
    """
    return SQL(
        """%(sign)s AS n, %(pr)s.id, %(cell)s,
            %(sign)s * (%(pr)s.crm_score IS NOT NULL)::int AS scored,
            %(sign)s * coalesce(%(pr)s.crm_score, 0) AS crm_score,
            %(sign)s * %(pr)s.total_purchases AS total_purchases,
            %(sign)s * %(pr)s.total_spent::numeric AS total_spent""",
        sign=sign,
        pr=SQL.identifier(profile),
        cell=_names(_CELL, profile),
    )


_PLUS, _MINUS = SQL("1"), SQL("-1")
_MADE = SQL("SELECT %s FROM new_rows w", _signed("w", _PLUS))
_DELETED = SQL("SELECT %s FROM old_rows o", _signed("o", _MINUS))
# Most changes leave a profile in its cell: one row says what they add there.
_CHANGED = SQL(
    """SELECT s.* FROM old_rows o JOIN new_rows w ON w.id = o.id
    CROSS JOIN LATERAL (
        SELECT 0 AS n, w.id, %(cell)s,
            (w.crm_score IS NOT NULL)::int - (o.crm_score IS NOT NULL)::int AS scored,
            coalesce(w.crm_score, 0) - coalesce(o.crm_score, 0) AS crm_score,
            w.total_purchases - o.total_purchases AS total_purchases,
            CASE WHEN w.total_spent = o.total_spent THEN 0
                ELSE w.total_spent::numeric - o.total_spent::numeric END AS total_spent
        WHERE (%(old_cell)s) IS NOT DISTINCT FROM (%(cell)s)
        UNION ALL
        SELECT %(minus)s WHERE (%(old_cell)s) IS DISTINCT FROM (%(cell)s)
        UNION ALL
        SELECT %(plus)s WHERE (%(old_cell)s) IS DISTINCT FROM (%(cell)s)) s
    WHERE (%(old)s) IS DISTINCT FROM (%(new)s)""",
    cell=_names(_CELL, "w"),
    old_cell=_names(_CELL, "o"),
    minus=_signed("o", _MINUS),
    plus=_signed("w", _PLUS),
    old=_names((*_CELL, *_FIGURES), "o"),
    new=_names((*_CELL, *_FIGURES), "w"),
)

# Of profiles ``changed`` (signed): one row each, and one for each of their tags.
# As Odoo groups by tag: who has no tag in use is counted without one.
_CELLS = SQL(
    """SELECT FALSE AS by_tag, NULL::int AS category_id, c.* FROM changed c
    UNION ALL
    SELECT TRUE, r.category_id, c.* FROM changed c
    JOIN %(links)s r ON r.partner_id = c.id
    UNION ALL
    SELECT TRUE, NULL, c.* FROM changed c WHERE NOT EXISTS (
        SELECT FROM %(links)s r JOIN res_partner_category k ON k.id = r.category_id
        WHERE r.partner_id = c.id AND k.active)""",
    links=LINKS,
)

KEY = SQL(
    """by_tag, category_id, company_id, partner_share, active, journey_stage,
    crm_health"""
)
_COLUMNS = SQL("%s, customers, scored, crm_score, total_purchases, total_spent", KEY)
# What ``cells`` come to, by key. Zeros are nothing new.
_SUMS = SQL(
    """SELECT by_tag, category_id, partner_company_id, partner_share, partner_active,
        journey_stage, crm_health, sum(n), sum(scored), sum(crm_score),
        sum(total_purchases), sum(total_spent)
    FROM cells GROUP BY 1, 2, 3, 4, 5, 6, 7
    HAVING sum(n) <> 0 OR sum(scored) <> 0 OR sum(crm_score) <> 0
        OR sum(total_purchases) <> 0 OR sum(total_spent) <> 0"""
)
_ADD = SQL("INSERT INTO mini_crm_customer_count (%s) %s", _COLUMNS, _SUMS)

# Rows up to which the plan is kept. It is to look them up one by one, however small the
# tables were when it was made: what the functions set is over when they end.
_FEW = 100
_SETTINGS = SQL(
    """SET jit = off SET enable_seqscan = on SET enable_hashjoin = on
    SET enable_mergejoin = on"""
)
_BY_NUMBER = """
            SELECT count(*) INTO number FROM (SELECT FROM %(rows)s LIMIT %(most)s) r;
            IF number = %(most)s THEN
                %(planned)s
            ELSIF number > 0 THEN
                PERFORM set_config('enable_seqscan', 'off', TRUE),
                    set_config('enable_hashjoin', 'off', TRUE),
                    set_config('enable_mergejoin', 'off', TRUE);
                %(kept)s
            END IF;"""


def _by_number(rows, statements):
    """PL/pgSQL that runs statements for the rows of a transition table.

    :param str rows: name of the table
    :param list[SQL] statements: what is to be done; nothing when there are no rows
    """
    return SQL(
        _BY_NUMBER,
        rows=SQL.identifier(rows),
        most=SQL(str(_FEW + 1)),
        planned=SQL(" ").join(SQL("EXECUTE $$%s$$;", each) for each in statements),
        kept=SQL(" ").join(SQL("%s;", each) for each in statements),
    )


def _count_profiles(changed):
    return SQL(
        "WITH changed AS MATERIALIZED (%s), cells AS (%s) %s", changed, _CELLS, _ADD
    )


_COUNT_PROFILES = SQL(
    """CREATE FUNCTION mini_crm_count_profiles() RETURNS trigger %s AS $body$
    DECLARE
        number int;
    BEGIN
        IF to_regclass('mini_crm_customer_count') IS NULL THEN
            RETURN NULL;
        ELSIF TG_OP = 'INSERT' THEN %s
        ELSIF TG_OP = 'DELETE' THEN %s
        ELSE %s
        END IF;
        RETURN NULL;
    END $body$ LANGUAGE plpgsql""",
    _SETTINGS,
    _by_number("new_rows", [_count_profiles(_MADE)]),
    _by_number("old_rows", [_count_profiles(_DELETED)]),
    _by_number("new_rows", [_count_profiles(_CHANGED)]),
)

# ``links`` (n, partner_id, category_id, of_tag): a contact's tag that came or went, or
# only began or ceased to be in use (of_tag: no). Who lost his last one in use counts
# without a tag from now on; who got his first one does so no more.
_LINKED = SQL(
    """moved AS (
        SELECT l.partner_id, sum(l.n) AS gained
        FROM links l JOIN res_partner_category k ON k.id = l.category_id
        WHERE k.active OR NOT l.of_tag GROUP BY 1 HAVING sum(l.n) <> 0),
    held AS (
        SELECT m.partner_id, m.gained, count(k.id) AS tags
        FROM moved m LEFT JOIN (%(links)s r
            JOIN res_partner_category k ON k.id = r.category_id AND k.active)
            ON r.partner_id = m.partner_id GROUP BY 1, 2),
    due AS (
        SELECT n, partner_id, category_id FROM links WHERE of_tag
        UNION ALL
        SELECT (tags = 0)::int - (tags = gained)::int, partner_id, NULL FROM held
        WHERE (tags = 0) <> (tags = gained)),
    cells AS (
        SELECT TRUE AS by_tag, d.category_id, %(profile)s
        FROM due d JOIN mini_crm_profile pr ON pr.id = d.partner_id)""",
    links=LINKS,
    profile=_signed("pr", SQL("d.n")),
)
# A tag counts with its customer's score, and who is scored counts for each of his tags:
# both write the profile, so that of two side by side one fails and is tried again.
_MEET = SQL(
    """UPDATE mini_crm_profile pr SET id = pr.id
    FROM (SELECT DISTINCT partner_id FROM links WHERE n <> 0 ORDER BY 1) l
    WHERE pr.id = l.partner_id"""
)
# New contacts get tags first: these are counted with their profile.
_OF_CUSTOMERS = """links AS MATERIALIZED (SELECT l.* FROM (%s) l
    WHERE EXISTS (SELECT FROM mini_crm_profile pr WHERE pr.id = l.partner_id))"""
_CAME = SQL("SELECT 1 AS n, partner_id, category_id, TRUE AS of_tag FROM new_rows")
_WENT = SQL("SELECT -1 AS n, partner_id, category_id, TRUE AS of_tag FROM old_rows")
_USED = SQL(
    """SELECT (w.active IS TRUE)::int - (o.active IS TRUE)::int AS n,
        r.partner_id, r.category_id, FALSE AS of_tag
    FROM old_rows o JOIN new_rows w ON w.id = o.id
    JOIN %s r ON r.category_id = w.id
    WHERE (w.active IS TRUE) <> (o.active IS TRUE)""",
    LINKS,
)


def _count_tags(links):
    of = SQL(_OF_CUSTOMERS, links)
    return [SQL("WITH %s %s", of, _MEET), SQL("WITH %s, %s %s", of, _LINKED, _ADD)]


_COUNT_TAGS = SQL(
    """CREATE FUNCTION mini_crm_count_tags() RETURNS trigger %s AS $body$
    DECLARE
        number int;
    BEGIN
        IF to_regclass('mini_crm_customer_count') IS NULL THEN
            RETURN NULL;
        ELSIF TG_TABLE_NAME = 'res_partner_category' THEN %s
        ELSIF TG_OP = 'INSERT' THEN %s
        ELSIF TG_OP = 'DELETE' THEN %s
        ELSE %s
        END IF;
        RETURN NULL;
    END $body$ LANGUAGE plpgsql""",
    _SETTINGS,
    # one tag may be that of many
    SQL(" ").join(SQL("EXECUTE $$%s$$;", each) for each in _count_tags(_USED)),
    _by_number("new_rows", _count_tags(_CAME)),
    _by_number("old_rows", _count_tags(_WENT)),
    _by_number("new_rows", _count_tags(SQL("%s UNION ALL %s", _CAME, _WENT))),
)

# Gives profiles what has changed in their contacts.
FOLLOW = SQL(
    """UPDATE mini_crm_profile pr SET partner_company_id = p.company_id,
        partner_share = p.partner_share IS TRUE, partner_active = p.active IS TRUE
    FROM res_partner p WHERE p.id = pr.id AND (pr.partner_company_id, pr.partner_share,
        pr.partner_active) IS DISTINCT FROM (p.company_id, p.partner_share IS TRUE,
        p.active IS TRUE)"""
)

# What a cascade deletes is seen when all of it is gone: a profile without its tags,
# tags without their profile. So the profile goes first, and a tag's links.
# Contacts that move to another cell are noted row by row, and followed all at once
# when the statement ends.
_FOLLOW_CONTACT = SQL(
    """CREATE FUNCTION mini_crm_follow_contact() RETURNS trigger AS $body$
    DECLARE
        ids int[];
    BEGIN
        IF to_regclass('mini_crm_customer_count') IS NULL THEN
            RETURN coalesce(NEW, OLD);
        END IF;
        IF TG_OP = 'DELETE' THEN
            DELETE FROM mini_crm_profile WHERE id = OLD.id;
            RETURN OLD;
        END IF;
        IF TG_LEVEL = 'ROW' THEN
            INSERT INTO mini_crm_customer_moved VALUES (NEW.id);
            RETURN NULL;
        END IF;
        WITH moved AS (DELETE FROM mini_crm_customer_moved RETURNING id)
        SELECT array_agg(id) INTO ids FROM moved;
        IF ids IS NOT NULL THEN
            EXECUTE $$%s AND p.id = ANY($1)$$ USING ids;
        END IF;
        RETURN NULL;
    END $body$ LANGUAGE plpgsql""",
    FOLLOW,
)
_FOLLOW_TAG = SQL(
    """CREATE FUNCTION mini_crm_follow_tag() RETURNS trigger AS $body$
    BEGIN
        IF to_regclass('mini_crm_customer_count') IS NOT NULL THEN
            DELETE FROM %s WHERE category_id = OLD.id;
        END IF;
        RETURN OLD;
    END $body$ LANGUAGE plpgsql""",
    LINKS,
)

_ROWS = {
    "INSERT": SQL("NEW TABLE AS new_rows"),
    "UPDATE": SQL("OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    "DELETE": SQL("OLD TABLE AS old_rows"),
}
_COUNTED = (
    (SQL.identifier("mini_crm_profile"), "mini_crm_count_profiles", tuple(_ROWS)),
    (LINKS, "mini_crm_count_tags", tuple(_ROWS)),
    (SQL.identifier("res_partner_category"), "mini_crm_count_tags", ("UPDATE",)),
)
# Without transition tables, for which PostgreSQL allows no list of columns: every
# change of any contact would pay.
_FOLLOWED = SQL(
    """CREATE TRIGGER mini_crm_follow_change
        AFTER UPDATE OF company_id, partner_share, active ON res_partner FOR EACH ROW
        WHEN ((OLD.company_id, OLD.partner_share, OLD.active)
            IS DISTINCT FROM (NEW.company_id, NEW.partner_share, NEW.active))
        EXECUTE FUNCTION mini_crm_follow_contact();
    CREATE TRIGGER mini_crm_follow_changes
        AFTER UPDATE OF company_id, partner_share, active ON res_partner
        FOR EACH STATEMENT EXECUTE FUNCTION mini_crm_follow_contact();
    CREATE TRIGGER mini_crm_follow_end BEFORE DELETE ON res_partner
        FOR EACH ROW EXECUTE FUNCTION mini_crm_follow_contact();
    CREATE TRIGGER mini_crm_follow_end BEFORE DELETE ON res_partner_category
        FOR EACH ROW EXECUTE FUNCTION mini_crm_follow_tag()"""
)


def create_triggers(cr):
    """Make the triggers anew."""
    drop_triggers(cr)
    # always empty again when a statement ends
    cr.execute("CREATE UNLOGGED TABLE mini_crm_customer_moved (id int NOT NULL)")
    for function in (_COUNT_PROFILES, _COUNT_TAGS, _FOLLOW_CONTACT, _FOLLOW_TAG):
        cr.execute(function)
    for table, function, operations in _COUNTED:
        for operation in operations:
            cr.execute(
                SQL(
                    """CREATE TRIGGER %s AFTER %s ON %s REFERENCING %s
                    FOR EACH STATEMENT EXECUTE FUNCTION %s()""",
                    SQL.identifier(f"mini_crm_count_{operation.lower()}"),
                    SQL(operation),
                    table,
                    _ROWS[operation],
                    SQL.identifier(function),
                )
            )
    cr.execute(_FOLLOWED)


def drop_triggers(cr):
    """Drop the triggers with their functions, also from the tables of others."""
    for function in FUNCTIONS:
        cr.execute(
            SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(function))
        )
    cr.execute("DROP TABLE IF EXISTS mini_crm_customer_moved")


# Sums of ``rows``: of the table itself, or differences to it.
_MERGED = SQL(
    """INSERT INTO mini_crm_customer_count (%(columns)s)
    SELECT %(key)s, sum(customers), sum(scored), sum(crm_score), sum(total_purchases),
        sum(total_spent)
    FROM rows GROUP BY 1, 2, 3, 4, 5, 6, 7
    HAVING sum(customers) <> 0 OR sum(scored) <> 0 OR sum(crm_score) <> 0
        OR sum(total_purchases) <> 0 OR sum(total_spent) <> 0""",
    columns=_COLUMNS,
    key=KEY,
)

# Adds what the table lacks to what profiles and tags come to. One statement sees one
# moment, in which every change and its difference stand: nobody has to wait.
REPAIR = SQL(
    """WITH changed AS (SELECT %(profile)s FROM mini_crm_profile pr),
    cells AS (%(cells)s),
    rows (%(columns)s) AS (%(sums)s
        UNION ALL SELECT %(key)s, -customers, -scored, -crm_score, -total_purchases,
            -total_spent
        FROM mini_crm_customer_count)
    %(merged)s RETURNING %(key)s, customers""",
    profile=_signed("pr", _PLUS),
    cells=_CELLS,
    columns=_COLUMNS,
    sums=_SUMS,
    key=KEY,
    merged=_MERGED,
)

# Replaces rows by their sums; what another transaction works on is left to it.
COMPACT = SQL(
    """WITH rows AS (
        DELETE FROM mini_crm_customer_count WHERE id IN (
            SELECT id FROM mini_crm_customer_count ORDER BY id
            LIMIT 100000 FOR UPDATE SKIP LOCKED)
        RETURNING *)
    %s""",
    _MERGED,
)

# Rows beyond one for each key.
SURPLUS = SQL(
    "SELECT count(*) - count(DISTINCT (%s)) FROM mini_crm_customer_count", KEY
)
