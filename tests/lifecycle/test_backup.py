# ruff: noqa: T201 - what a test measures is printed
"""A backup brings back everything, elsewhere, and a copy of it sends nothing."""

import base64
import os
import secrets
import shutil
import signal
import subprocess
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from canary import canaries
from contract import RUN, Product
from products import fresh_product
from two_homes import drop, files_by_hash, rows_by_hash, second_home, structure

CUSTOMERS = 1_000
# One red point.
PHOTO = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmM"
        "IQAAAABJRU5ErkJggg=="
    )
).decode()
KEY = b"the key of the channels"
NOTES = 600
# What Odoo's daily clean-up does with files that nobody names any more, all the time.
_COLLECT = """
import os, time
print("@@collecting", flush=True)
runs = 0
while not os.path.exists({stop!r}):
    runs += env["ir.attachment"]._gc_file_store() is not False
    env.cr.commit()
    time.sleep(0.05)
print(runs, "collections", flush=True)
"""
# Everything that can leave a database, aimed at the canaries. Queued, not sent.
_AIM = """
env["ir.mail_server"].create({{
    "name": "live", "smtp_host": "127.0.0.1", "smtp_port": {smtp}, "sequence": 1}})
env["fetchmail.server"].create({{
    "name": "inbox", "server": "127.0.0.1", "port": {imap}, "server_type": "imap",
    "user": "shop", "password": "secret", "state": "done", "is_ssl": False}})
env["ir.actions.server"].create({{
    "name": "canary webhook", "state": "webhook", "model_id": env.ref(
        "base.model_res_partner").id, "webhook_url": "http://127.0.0.1:{http}/"}})
env["ir.config_parameter"].set_param("web.base.url", "https://live.shop.example")
env["ir.config_parameter"].set_param("web.base.url.freeze", "True")
env["mail.mail"].create({{
    "email_from": "shop@shop.example", "email_to": "c@shop.example", "subject": "hello",
    "body_html": "hello"}})
env.cr.commit()
"""
# Whatever would send by itself does so now; then a person presses the buttons. Who is
# called is noted, and nobody outside this machine is reached.
_SEND = """
import socket
called, look_up = set(), socket.getaddrinfo
def trap(host, *arguments, **options):
    called.add(host)
    if host != "127.0.0.1":
        raise OSError(f"the test keeps {host} from being called")
    return look_up(host, *arguments, **options)
socket.getaddrinfo = trap
for cron in env["ir.cron"].search([]):
    cron.method_direct_trigger()
    env.cr.commit()
env.invalidate_all()
env["mail.mail"].create({
    "email_from": "shop@shop.example", "email_to": "c@shop.example", "subject": "now",
    "body_html": "hello"}).send()
partner = env["res.partner"].search([], limit=1)
hook = env["ir.actions.server"].search([("name", "=", "canary webhook")])
hook.with_context(active_id=partner.id, active_model="res.partner").run()
env.cr.commit()
print("@@called", *sorted(called))
"""


@pytest.fixture(scope="module")
def own_shop():
    """A shop of its own with customers, a photo, an attachment and a key."""
    with fresh_product(Path(os.environ["MINI_CRM_HOME"])) as served:
        done = served.run("seed", str(CUSTOMERS))
        assert done.returncode == 0, done.stderr
        (customer,) = served.rpc("agent", "res.partner", "create", [{"name": "Photo"}])
        served.rpc("agent", "res.partner", "write", [customer], {"image_1920": PHOTO})
        values = {"name": "offer.txt", "res_model": "res.partner", "res_id": customer}
        values["raw"] = "an offer"
        served.rpc("agent", "ir.attachment", "create", [values])
        served.drain()
        keys = served.home / "secrets" / served.db
        keys.mkdir(mode=0o700, parents=True)
        (keys / "channels").write_bytes(KEY)
        yield served
        shutil.rmtree(keys)


@pytest.fixture
def shop(own_shop):
    """The same, served, whatever the test before has left."""
    own_shop.start()
    return own_shop


@pytest.fixture(scope="module")
def elsewhere():
    """Another home."""
    with second_home(Path(os.environ["MINI_CRM_HOME"])) as home:
        yield home


def _run(product, *words):
    began = time.monotonic()
    done = product.run(*words)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    print(f"\n{words[0]}: {time.monotonic() - began:.1f} s")
    return done


def test_a_backup_restored_in_another_home_is_equal_in_every_row_and_file(
    shop, elsewhere, tmp_path
):
    file = tmp_path / "shop.zip"
    shop.stop()  # or its jobs would go on between the backup and the comparison
    _run(shop, "backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file], "it left something behind"
    copy = Product(elsewhere, "restored")
    _run(copy, "restore", str(file))
    ours, theirs = rows_by_hash(shop), rows_by_hash(copy)
    differing = [name for name in ours if ours[name] != theirs.get(name)]
    rows = sum(value[0] for value in ours.values() if isinstance(value, tuple))
    print(f"{len(ours)} tables and sequences, {rows:,} rows compared")
    assert not differing
    assert ours.keys() == theirs.keys()
    assert ours["res_partner"][0] > CUSTOMERS
    assert structure(copy) == structure(shop)
    files = files_by_hash(shop)
    print(f"{len(files)} files compared")
    assert len(files) > 5
    assert None not in files.values()
    assert files_by_hash(copy) == files
    assert (elsewhere / "secrets" / copy.db / "channels").read_bytes() == KEY
    drop(copy)
    assert not (elsewhere / "secrets" / copy.db).exists(), "reset left the key"


def test_a_backup_while_people_work_names_no_file_that_is_missing(
    shop, elsewhere, tmp_path
):
    notes, folder = _notes(shop, NOTES), tmp_path / "backups"
    folder.mkdir()
    with _collecting(shop, tmp_path / "stop") as stop:

        def work():
            gone = 0
            while not stop.exists():
                shop.rpc("agent", "ir.attachment", "unlink", notes[gone : gone + 3])
                _notes(shop, 1)
                gone += 3
            return gone

        with ThreadPoolExecutor(1) as threads:
            working = threads.submit(work)
            try:
                done = [_run(shop, "backup", str(folder)) for _number in range(2)]
            finally:
                stop.touch()
    print(f"{working.result()} attachments deleted meanwhile")
    assert 0 < working.result() < NOTES
    assert not [each for each in done if "WARNING" in each.stdout]
    copy = Product(elsewhere, "busy")
    for file in sorted(folder.iterdir()):
        _run(copy, "restore", str(file), "--force", "--yes")
        found = files_by_hash(copy)
        assert len(found) > NOTES / 2
        assert None not in found.values()
    drop(copy)


@contextmanager
def _collecting(shop, stop):
    """Have Odoo delete unused files all the time, until the file ``stop`` is there."""
    process = subprocess.Popen(
        [RUN, "odoo", "--home", shop.home, "--db", shop.db, "shell", "--no-http"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    process.stdin.write(_COLLECT.format(stop=str(stop)))
    process.stdin.close()
    try:
        while "@@collecting" not in process.stdout.readline():
            assert process.poll() is None
        yield stop
    finally:
        stop.touch()
        print(process.stdout.read().strip())
        process.stdout.close()
        process.wait()


def _notes(shop, number):
    """Attach files that are all different: ids."""
    values = [{"name": "note", "raw": secrets.token_hex(99)} for _each in range(number)]
    return shop.rpc("agent", "ir.attachment", "create", values)


def test_only_the_newest_backups_are_kept(shop, tmp_path):
    (tmp_path / "holiday-2026-01-01.zip").write_text("not a backup")
    for number in range(3):
        _run(shop, "backup", str(tmp_path / f"night-{number}.zip"), "--keep", "2")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["holiday-2026-01-01.zip", "night-1.zip", "night-2.zip"]


def test_a_copy_that_sends_nothing_calls_nobody(shop, elsewhere, tmp_path):
    file = tmp_path / "shop.zip"
    with canaries("smtp", "imap", "http") as birds:
        ports = {name: bird.port for name, bird in birds.items()}
        _shell(shop, _AIM.format(**ports))
        _run(shop, "backup", str(file))
        shop.stop()  # its own jobs would want the same e-mails
        assert "127.0.0.1" in _called(shop)
        silent = [name for name, bird in birds.items() if not bird.calls]
        assert not silent, "the live shop did not send: nothing would be proved"
        copy = Product(elsewhere, "neutral")
        _run(copy, "restore", str(file), "--neutralize")
        assert not (elsewhere / "secrets" / copy.db).exists()
        before = {name: bird.calls for name, bird in birds.items()}
        copy.start()  # updates it first: an update must not switch anything on again
        time.sleep(5)
        copy.stop()
        # What Odoo puts in the place of the mail servers; the name exists nowhere.
        assert _called(copy) <= {"invalid"}
        assert {name: bird.calls for name, bird in birds.items()} == before
    (flags,) = copy.sql(
        """SELECT (SELECT count(*) FROM ir_mail_server WHERE active
            AND smtp_host <> 'invalid') AS servers,
        (SELECT count(*) FROM fetchmail_server WHERE active) AS inboxes,
        (SELECT count(*) FROM ir_cron c JOIN ir_model_data d ON d.model = 'ir.cron'
            AND d.res_id = c.id WHERE c.active AND d.module <> 'base') AS jobs,
        (SELECT count(*) FROM ir_config_parameter WHERE value ~ 'live.shop') AS urls,
        (SELECT value FROM ir_config_parameter
            WHERE key = 'database.is_neutralized') AS neutral"""
    )
    neutral = flags.pop("neutral")
    assert neutral == "true"
    assert not any(flags.values()), flags
    drop(copy)


def _called(product):
    """Have everything sent that can be: the hosts that were called (set of str)."""
    said = _shell(product, _SEND)
    called = set(said.partition("@@called")[2].partition("\n")[0].split())
    print(f"{product.db} calls {called or 'nobody'}")
    return called


def _shell(product, script):
    """Run a script of Odoo's shell to its last line: what it printed."""
    script += 'print("@@done")\n'
    done = product.run("odoo", "shell", "--no-http", stdin=script)
    assert "@@done" in done.stdout, done.stderr[-3000:]
    return done.stdout


def test_nothing_is_overwritten_unasked_or_by_what_is_broken(shop, tmp_path):
    file, broken = tmp_path / "shop.zip", tmp_path / "broken.zip"
    _run(shop, "backup", str(file))
    before = shop.sql("SELECT count(*) AS n FROM res_partner")
    broken.write_bytes(file.read_bytes()[:-2000])
    served = shop.run("restore", str(file), "--force", "--yes")
    shop.stop()
    refusals = [
        (served, "is being served"),
        (shop.run("restore", str(file)), "There is a database"),
        (shop.run("restore", str(file), "--force"), "Nobody can type the name"),
        (shop.run("restore", str(broken), "--force", "--yes"), "no whole backup"),
        (shop.run("restore", str(_flipped(file)), "--force", "--yes"), "is damaged"),
        (shop.run("restore", str(tmp_path / "none"), "--force"), "There is no file"),
    ]
    for done, words in refusals:
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    assert shop.sql("SELECT count(*) AS n FROM res_partner") == before


def _flipped(file):
    """The same backup with one byte of the dump changed."""
    flipped = file.with_name("flipped.zip")
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as packed:
        place = packed.getinfo("database.dump").header_offset + 100_000
    content[place] ^= 1
    flipped.write_bytes(content)
    return flipped


def test_a_restore_that_is_killed_leaves_the_old_database_and_can_be_repeated(
    shop, elsewhere, tmp_path
):
    file = tmp_path / "shop.zip"
    _run(shop, "backup", str(file))
    copy = Product(elsewhere, "killed")
    _run(copy, "restore", str(file))
    old = copy.sql("SELECT count(*) AS n, max(id) AS last FROM res_partner")
    words = [RUN, "restore", "--home", elsewhere, "--db", copy.db]
    process = subprocess.Popen(
        [*map(str, words), str(file), "--force", "--yes"],
        stdout=subprocess.PIPE,
        start_new_session=True,
        encoding="utf-8",
    )
    for line in process.stdout:
        if line.startswith("[2/4]"):
            break
    time.sleep(1.5)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert copy.sql("SELECT count(*) AS n, max(id) AS last FROM res_partner") == old
    _run(copy, "restore", str(file), "--force", "--yes")
    names = copy.sql("SELECT datname FROM pg_database WHERE datname ~ '^killed'")
    assert [row["datname"] for row in names] == [copy.db]
    drop(copy)
