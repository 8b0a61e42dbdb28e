"""Triggers that keep the counts of customers right, whoever writes.

Statement by statement they append what has changed to ``mini_crm_customer_count``: signed
differences, never a row that is written twice, so that transactions side by side neither
wait for each other nor fail. What they need of a contact stands in its profile too
(``partner_company_id`` and others), for a profile that goes with its contact is deleted
when the contact cannot be read any more.

The statements are dynamic: planned for a single event, they would take hours on
everybody. All functions do nothing when the tables of this add-on are gone.
"""

from odoo.tools import SQL

LINKS = "res_partner_res_partner_category_rel"
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


def figures(profile):
    """Columns of what a profile adds to the counts.

    :param str profile: alias of ``mini_crm_profile``
    """
    cell = ", ".join(f"{profile}.{name}" for name in _CELL)
    return f"""{profile}.id, {cell},
        ({profile}.crm_score IS NOT NULL)::int AS scored,
        coalesce({profile}.crm_score, 0) AS crm_score,
        {profile}.total_purchases, {profile}.total_spent::numeric AS total_spent"""


# Of profiles ``changed`` (n and figures): one row each, and one for each of their tags.
# As Odoo groups by tag: who has no tag in use is counted without one.
_CELLS = f"""
    SELECT FALSE AS by_tag, NULL::int AS category_id, c.* FROM changed c
    UNION ALL
    SELECT TRUE, r.category_id, c.* FROM changed c JOIN {LINKS} r ON r.partner_id = c.id
    UNION ALL
    SELECT TRUE, NULL, c.* FROM changed c WHERE NOT EXISTS (
        SELECT FROM {LINKS} r JOIN res_partner_category k ON k.id = r.category_id
        WHERE r.partner_id = c.id AND k.active)"""

_KEY = """by_tag, category_id, company_id, partner_share, active, journey_stage,
    crm_health"""
_COLUMNS = f"""{_KEY}, customers, scored, crm_score, total_purchases,
    total_spent"""

# What ``cells`` come to, by key. Zeros are nothing new.
_SUMS = """SELECT by_tag, category_id, partner_company_id, partner_share, partner_active,
        journey_stage, crm_health, sum(n), sum(n * scored), sum(n * crm_score),
        sum(n * total_purchases), sum(n * total_spent)
    FROM cells GROUP BY 1, 2, 3, 4, 5, 6, 7
    HAVING sum(n) <> 0 OR sum(n * scored) <> 0 OR sum(n * crm_score) <> 0
        OR sum(n * total_purchases) <> 0 OR sum(n * total_spent) <> 0"""
_ADD = f"INSERT INTO mini_crm_customer_count ({_COLUMNS}) {_SUMS}"


def _names(alias):
    return ", ".join(f"{alias}.{name}" for name in (*_CELL, *_FIGURES))


_PROFILES = f"""
CREATE FUNCTION mini_crm_count_profiles() RETURNS trigger SET jit = off AS $body$
DECLARE
    changed text := CASE TG_OP
        WHEN 'INSERT' THEN $$SELECT 1 AS n, {figures("w")} FROM new_rows w$$
        WHEN 'DELETE' THEN $$SELECT -1 AS n, {figures("o")} FROM old_rows o$$
        ELSE $$SELECT s.* FROM old_rows o JOIN new_rows w ON w.id = o.id
            CROSS JOIN LATERAL (SELECT -1 AS n, {figures("o")}
                UNION ALL SELECT 1, {figures("w")}) s
            WHERE ({_names("o")}) IS DISTINCT FROM ({_names("w")})$$ END;
BEGIN
    IF to_regclass('mini_crm_customer_count') IS NOT NULL THEN
        EXECUTE 'WITH changed AS MATERIALIZED (' || changed || $$),
            cells AS ({_CELLS}) {_ADD}$$;
    END IF;
    RETURN NULL;
END $body$ LANGUAGE plpgsql"""

# ``links`` (n, partner_id, category_id, of_tag): a contact's tag that came or went, or
# only began or ceased to be in use (of_tag: no). Who lost his last one in use is counted
# without a tag from now on; who got his first one is so no more.
_LINKED = f"""
    moved AS (
        SELECT l.partner_id, sum(l.n) AS gained
        FROM links l JOIN res_partner_category k ON k.id = l.category_id
        WHERE k.active OR NOT l.of_tag GROUP BY 1 HAVING sum(l.n) <> 0),
    held AS (
        SELECT m.partner_id, m.gained, count(k.id) AS tags
        FROM moved m LEFT JOIN ({LINKS} r
            JOIN res_partner_category k ON k.id = r.category_id AND k.active)
            ON r.partner_id = m.partner_id GROUP BY 1, 2),
    due AS (
        SELECT n, partner_id, category_id FROM links WHERE of_tag
        UNION ALL
        SELECT (tags = 0)::int - (tags = gained)::int, partner_id, NULL FROM held
        WHERE (tags = 0) <> (tags = gained)),
    cells AS (
        SELECT TRUE AS by_tag, d.category_id, d.n, {figures("pr")}
        FROM due d JOIN mini_crm_profile pr ON pr.id = d.partner_id)"""

_TAGS = f"""
CREATE FUNCTION mini_crm_count_tags() RETURNS trigger SET jit = off AS $body$
DECLARE
    came text := 'SELECT 1 AS n, partner_id, category_id, TRUE AS of_tag FROM new_rows';
    went text := 'SELECT -1 AS n, partner_id, category_id, TRUE AS of_tag FROM old_rows';
    used text := $$SELECT (w.active IS TRUE)::int - (o.active IS TRUE)::int AS n,
            r.partner_id, r.category_id, FALSE AS of_tag
        FROM old_rows o JOIN new_rows w ON w.id = o.id
        JOIN {LINKS} r ON r.category_id = w.id
        WHERE (w.active IS TRUE) <> (o.active IS TRUE)$$;
    links text := CASE
        WHEN TG_TABLE_NAME = 'res_partner_category' THEN used
        WHEN TG_OP = 'INSERT' THEN came
        WHEN TG_OP = 'DELETE' THEN went
        ELSE came || ' UNION ALL ' || went END;
BEGIN
    IF to_regclass('mini_crm_customer_count') IS NOT NULL THEN
        EXECUTE 'WITH links AS MATERIALIZED (' || links || $$), {_LINKED} {_ADD}$$;
    END IF;
    RETURN NULL;
END $body$ LANGUAGE plpgsql"""

# Whatever is deleted by a cascade is seen only when all of it is gone: a profile without
# its tags, tags without their profile. So the profile goes first, and a tag's links.
_CONTACT = """
CREATE FUNCTION mini_crm_follow_contact() RETURNS trigger AS $body$
BEGIN
    IF to_regclass('mini_crm_customer_count') IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        DELETE FROM mini_crm_profile WHERE id = OLD.id;
        RETURN OLD;
    END IF;
    UPDATE mini_crm_profile SET partner_company_id = NEW.company_id,
        partner_share = NEW.partner_share IS TRUE, partner_active = NEW.active IS TRUE
    WHERE id = NEW.id;
    RETURN NULL;
END $body$ LANGUAGE plpgsql"""

_TAG = f"""
CREATE FUNCTION mini_crm_follow_tag() RETURNS trigger AS $body$
BEGIN
    IF to_regclass('mini_crm_customer_count') IS NOT NULL THEN
        DELETE FROM {LINKS} WHERE category_id = OLD.id;
    END IF;
    RETURN OLD;
END $body$ LANGUAGE plpgsql"""

_STATEMENT = """
CREATE TRIGGER mini_crm_count_{operation} AFTER {operation} ON {table}
    REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"""
_ROWS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}
_COUNTED = (
    ("mini_crm_profile", "mini_crm_count_profiles", _ROWS),
    (LINKS, "mini_crm_count_tags", _ROWS),
    ("res_partner_category", "mini_crm_count_tags", ("UPDATE",)),
)
# By row: with transition tables PostgreSQL allows no list of columns, and every change of
# any contact would pay.
_FOLLOWED = """
CREATE TRIGGER mini_crm_follow_change
    AFTER UPDATE OF company_id, partner_share, active ON res_partner FOR EACH ROW
    WHEN ((OLD.company_id, OLD.partner_share, OLD.active)
        IS DISTINCT FROM (NEW.company_id, NEW.partner_share, NEW.active))
    EXECUTE FUNCTION mini_crm_follow_contact();
CREATE TRIGGER mini_crm_follow_end BEFORE DELETE ON res_partner
    FOR EACH ROW EXECUTE FUNCTION mini_crm_follow_contact();
CREATE TRIGGER mini_crm_follow_end BEFORE DELETE ON res_partner_category
    FOR EACH ROW EXECUTE FUNCTION mini_crm_follow_tag()"""


def create_triggers(cr):
    """Make the triggers anew."""
    drop_triggers(cr)
    for function in (_PROFILES, _TAGS, _CONTACT, _TAG):
        cr.execute(SQL(function))
    for table, function, operations in _COUNTED:
        for operation in operations:
            cr.execute(
                SQL(
                    _STATEMENT.format(
                        operation=operation,
                        table=table,
                        rows=_ROWS[operation],
                        function=function,
                    )
                )
            )
    cr.execute(SQL(_FOLLOWED))


def drop_triggers(cr):
    """Drop the triggers with their functions, also from the tables of others."""
    for function in FUNCTIONS:
        cr.execute(
            SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(function))
        )


# Sums of rows of the table itself, or of differences to it.
_MERGED = f"""INSERT INTO mini_crm_customer_count ({_COLUMNS})
    SELECT {_KEY}, sum(customers), sum(scored), sum(crm_score), sum(total_purchases),
        sum(total_spent)
    FROM rows GROUP BY 1, 2, 3, 4, 5, 6, 7
    HAVING sum(customers) <> 0 OR sum(scored) <> 0 OR sum(crm_score) <> 0
        OR sum(total_purchases) <> 0 OR sum(total_spent) <> 0"""

# Adds what the table lacks to what profiles and tags come to. One statement sees one
# moment, in which every change and its difference stand: nobody has to wait.
REPAIR = SQL(
    f"""WITH changed AS (SELECT 1 AS n, {figures("pr")} FROM mini_crm_profile pr),
    cells AS ({_CELLS}),
    rows ({_COLUMNS}) AS ({_SUMS}
        UNION ALL SELECT {_KEY}, -customers, -scored, -crm_score,
            -total_purchases, -total_spent
        FROM mini_crm_customer_count)
    {_MERGED} RETURNING {_KEY}, customers"""
)

# Replaces rows by their sums; what another transaction works on is left to it.
COMPACT = SQL(
    f"""WITH rows AS (
        DELETE FROM mini_crm_customer_count WHERE id IN (
            SELECT id FROM mini_crm_customer_count ORDER BY id
            LIMIT 100000 FOR UPDATE SKIP LOCKED)
        RETURNING *)
    {_MERGED}"""
)

# Rows beyond one for each key.
SURPLUS = SQL(
    f"""SELECT count(*) - count(DISTINCT ({_KEY})) FROM mini_crm_customer_count"""
)

# Profiles that a change of their contact has missed: both were made at the same time.
FOLLOW = SQL(
    """UPDATE mini_crm_profile pr SET partner_company_id = p.company_id,
        partner_share = p.partner_share IS TRUE, partner_active = p.active IS TRUE
    FROM res_partner p WHERE p.id = pr.id AND (pr.partner_company_id, pr.partner_share,
        pr.partner_active) IS DISTINCT FROM (p.company_id, p.partner_share IS TRUE,
        p.active IS TRUE)"""
)
