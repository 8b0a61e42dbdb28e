# ruff: noqa: S608, T201 - table names are ours; what happens is printed
"""The upgrade from the version before, as a shop lives it: also killed in the middle.

    upgrade.py OLD NEW HOME

OLD and NEW are checkouts, HOME an empty folder. The old version fills a database; the
new one updates a copy of it undisturbed, then the original with kills at growing
distances. After each of these nothing that must survive has changed, and in the end the
new version serves both. Exits non-zero with a sentence otherwise.
"""

import argparse
import ast
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

CUSTOMERS = 1_000
KILLS = (0.35, 0.6, 0.85)  # parts of the time that an undisturbed update takes
READY_SECONDS = 300
# What a shop must find again, by the columns that the old version had.
SURVIVES = (
    *("res_partner", "res_partner_category", "res_partner_res_partner_category_rel"),
    *("mini_crm_event", "mini_crm_purchase", "mini_crm_profile", "mini_crm_field"),
    *("mini_crm_score_history", "mini_crm_journey_transition", "mini_crm_batch"),
    *("mail_message", "utm_source"),
)
MUST_HAVE_ROWS = ("res_partner", "mini_crm_event", "mini_crm_purchase")


class Shop:
    """One database of the home, worked on by the runner of a checkout.

    :param Path checkout: whose runner
    :param Path home: its home
    :param str db: the database
    """

    def __init__(self, checkout, home, db):
        self.checkout, self.home, self.db = checkout, home, db

    def command(self, name, *words):
        """Words that start one of the runner's commands (list)."""
        head = [str(self.checkout / "run"), name, "--home", str(self.home)]
        return [*head, "--db", self.db, *words]

    def run(self, name, *words, stdin=""):
        """Run a command to its end: what it printed (str)."""
        done = subprocess.run(
            self.command(name, *words),
            cwd=self.checkout,  # else Python takes the runner of where we are
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        require(done.returncode == 0, f"{name} failed:\n{done.stdout[-4000:]}")
        return done.stdout

    def sql(self, query):
        """Rows of a SELECT (list of dict)."""
        script = (
            "SELECT '@@' || coalesce(jsonb_agg(to_jsonb(q)), '[]')::text"
            f" FROM ({query}) q;\n"
        )
        said = self.run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", stdin=script)
        return json.loads(said.rpartition("@@")[2])


def require(condition, sentence):
    """End with a sentence unless the condition holds."""
    if not condition:
        sys.exit(f"upgrade: {sentence}")


def columns(shop):
    """Columns by table of what must survive: {table: [names]}."""
    names = ", ".join(f"'{table}'" for table in SURVIVES)
    rows = shop.sql(
        f"""SELECT table_name AS name, array_agg(quote_ident(column_name)
            ORDER BY column_name) AS columns
        FROM information_schema.columns WHERE table_name IN ({names}) GROUP BY 1"""
    )
    return {row["name"]: row["columns"] for row in rows}


def last_ids(shop, known):
    """{table: the last id}, of the tables that have ids."""
    parts = [
        f"SELECT '{table}' AS name, coalesce(max(id), 0) AS id FROM {table}"
        for table, names in known.items()
        if "id" in names
    ]
    return {row["name"]: row["id"] for row in shop.sql(" UNION ALL ".join(parts))}


def known_rows(table, last):
    """Condition on a table: the rows that were there before the new version worked.

    Not the contacts of users: whose role implies more than before is written anew.
    """
    if not last:
        return "TRUE"
    if table == "res_partner":
        return f"id <= {last[table]} AND id NOT IN (SELECT partner_id FROM res_users)"
    if table in last:
        return f"id <= {last[table]}"
    # links between contacts and tags: rules bring tags of their own, and go on
    return (
        f"category_id <= {last['res_partner_category']} AND category_id NOT IN"
        " (SELECT category_id FROM mini_crm_tag_rule WHERE category_id IS NOT NULL)"
    )


def content(shop, known, last=None):
    """{table: (number of rows, md5 of all of them)} by the columns given."""
    parts = [
        f"SELECT '{table}' AS name, count(*) AS n, md5(string_agg(t::text, '|'"
        f" ORDER BY t::text)) AS hash FROM (SELECT {', '.join(names)} FROM {table}"
        f" WHERE {known_rows(table, last)}) t"
        for table, names in known.items()
    ]
    rows = shop.sql(" UNION ALL ".join(parts))
    return {row["name"]: (row["n"], row["hash"]) for row in rows}


def compare(shop, known, before, when, last=None):
    """Require that everything is as it was.

    :param dict last: the last id by table, where the new version has been at work: it
        may have added rows, such as tags, or events of segments
    """
    now = columns(shop)
    for table, names in known.items():
        lost = set(names) - set(now.get(table, ()))
        require(not lost, f"{when}, {table} has lost {sorted(lost)}")
    after = content(shop, known, last)
    for table, expected in before.items():
        require(
            after[table] == expected,
            f"{when}, {table} is another: {expected[0]} rows before, {after[table][0]} "
            "now, or other values",
        )
    print(f"{when}: {sum(n for n, _hash in after.values()):,} rows as they were")


def update_words():
    """Words after `./run odoo` that update the add-on and end."""
    return ["-u", "mini_crm", "--stop-after-init", "--no-http", "--max-cron-threads=0"]


def update(shop):
    """Update undisturbed: seconds it took (float)."""
    began = time.monotonic()
    said = shop.run("odoo", "-d", shop.db, *update_words())
    bad = [line for line in said.splitlines() if re.search(" (ERROR|CRITICAL) ", line)]
    require(not bad, f"the update of {shop.db} logged errors: {bad[:3]}")
    return time.monotonic() - began


def kill_update(shop, after):
    """Update, and SIGKILL the whole process group after some seconds.

    :returns: whether it was still at work (bool)
    """
    process = subprocess.Popen(
        shop.command("odoo", "-d", shop.db, *update_words()),
        cwd=shop.checkout,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(after)
    if process.poll() is not None:  # its group is gone with it
        return False
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return True


def free_port():
    """A TCP port of the loopback interface that is free now (int)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def require_version(shop):
    """Require that the database has the version of the checkout."""
    manifest = ast.literal_eval((shop.checkout / "__manifest__.py").read_text())
    query = "SELECT latest_version, state FROM ir_module_module WHERE name = 'mini_crm'"
    (row,) = shop.sql(query)
    require(
        row == {"latest_version": manifest["version"], "state": "installed"},
        f"{shop.db} says {row}",
    )


def serve(shop):
    """Serve once and look at the login page."""
    port = free_port()
    log = shop.home / "logs" / "upgrade-serve.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(
            shop.command("serve", "--port", str(port)),
            cwd=shop.checkout,
            stdout=output,
            stderr=output,
        )
    try:
        began = time.monotonic()
        while b"is ready" not in log.read_bytes():
            ended = process.poll() is not None
            late = time.monotonic() - began > READY_SECONDS
            require(not ended and not late, f"no service:\n{log.read_text()[-3000:]}")
            time.sleep(0.5)
        url = f"http://127.0.0.1:{port}/web/login"
        with urllib.request.urlopen(url, timeout=60) as page:
            require(b'name="password"' in page.read(), "there is no login page")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
    print(f"{shop.db} is served")


def main():
    """Play it all."""
    parser = argparse.ArgumentParser()
    for name in ("old", "new", "home"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    old = Shop(options.old, options.home, "upgrade")
    new = Shop(options.new, options.home, "upgrade")
    calm = Shop(options.new, options.home, "upgrade_calm")
    old.run("seed", str(CUSTOMERS))
    known = columns(old)
    last = last_ids(old, known)
    everything, before = content(old, known), content(old, known, last)
    for table in MUST_HAVE_ROWS:
        require(before[table][0] > CUSTOMERS, f"{table} is too empty to prove anything")
    print({table: rows for table, (rows, _hash) in before.items()})
    # The copy is made by a backup of the old version's database.
    file = options.home / "before.zip"
    new.run("backup", str(file))
    calm.run("restore", str(file))
    compare(calm, known, everything, "restored")
    seconds = update(calm)
    when = f"after an undisturbed update of {seconds:.0f} s"
    compare(calm, known, before, when, last)
    hits = 0
    for part in KILLS:
        hits += kill_update(new, seconds * part)
        compare(new, known, before, f"after a kill at {part:.0%}", last)
    require(hits, "every kill came after the end: nothing was tried")
    update(new)
    compare(new, known, before, f"after {hits} kills and an update", last)
    for shop in (calm, new):
        require_version(shop)
        serve(shop)
        compare(shop, known, before, "after serving", last)


if __name__ == "__main__":
    main()
