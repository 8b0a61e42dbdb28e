# ruff: noqa: T201 - what a test measures is printed
"""What `./run serve` promises about safety and about starting and stopping."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from contract import RpcError
from contract_processes import command_line, descendants

START_SECONDS = 15
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}


def _listening(pids):
    """Local addresses, in hex, on which these processes listen: set of str."""
    inodes = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = os.readlink(link)
            except OSError:
                continue
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    addresses = set()
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                addresses.add(fields[1].partition(":")[0])
    return addresses


def _get(url, data=None):
    """Status and text of an address, redirects followed; ``data``: POST it."""
    try:
        with urllib.request.urlopen(url, data, timeout=30) as reply:
            return reply.status, reply.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


def test_http_listens_on_loopback_only(product):
    pids = descendants(product.process.pid)
    addresses = _listening(pids)
    print(f"listens on {addresses}")
    assert addresses
    assert addresses <= LOOPBACK


def test_postgres_listens_on_a_private_socket_only(product):
    (row,) = product.sql("SELECT current_setting('listen_addresses') AS addresses")
    assert row["addresses"] == ""
    pid_file = next(product.home.glob("postgres/**/postmaster.pid"))
    socket_folder = Path(pid_file.read_text().splitlines()[4])
    assert socket_folder.stat().st_mode & 0o077 == 0, socket_folder


@pytest.mark.parametrize("path", ["manager", "selector"])
def test_database_manager_is_off(product, path):
    status, text = _get(f"{product.url}/web/database/{path}")
    assert status in (403, 404) or "disabled by the administrator" in text
    assert product.db not in text


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("drop", {"name": "DB"}),
        ("duplicate", {"name": "DB", "new_name": "stolen"}),
        ("backup", {"name": "DB", "backup_format": "zip"}),
        ("create", {"name": "stolen", "login": "a", "password": "a", "lang": "en_US"}),
    ],
)
def test_no_database_can_be_made_taken_or_dropped(product, path, form):
    form = {name: value.replace("DB", product.db) for name, value in form.items()}
    data = urllib.parse.urlencode({"master_pwd": "admin", **form}).encode()
    _status, text = _get(f"{product.url}/web/database/{path}", data)
    assert "denied" in text.lower() or "disabled" in text.lower()
    assert not product.sql("SELECT 1 FROM pg_database WHERE datname = 'stolen'")
    assert product.health()["status"] == "ok"


def test_databases_are_not_listed(product):
    request = urllib.request.Request(
        product.url + "/web/database/list",
        data=json.dumps({"jsonrpc": "2.0", "params": {}}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            body = json.load(reply)
    except urllib.error.HTTPError as error:
        assert error.code in (403, 404)
    else:
        assert body.get("result") in (None, [], [product.db]), body


def test_default_passwords_do_not_work(product):
    for password in ("admin", "", "mini_crm"):
        with pytest.raises(RpcError):
            product.log_in("admin", password)


def test_secrets_are_readable_by_their_owner_only(product):
    secrets = [*product.home.glob("conf/*"), *product.home.glob("admin-password*")]
    print(f"{len(secrets)} files with secrets")
    assert len(secrets) >= 2
    for path in secrets:
        assert path.stat().st_mode & 0o777 == 0o600, path
    for folder in ("conf", "data", "logs"):
        assert (product.home / folder).stat().st_mode & 0o077 == 0, folder


def test_login_page_is_served(product):
    status, text = _get(product.url + "/web/login")
    assert status == 200
    assert 'name="login"' in text


def test_portal_user_reads_no_figure(product):
    for field in ("crm_score", "journey_stage", "total_spent", "custom_text_1"):
        with pytest.raises(RpcError) as refused:
            product.rpc("portal", "res.partner", "search_count", [[field, "!=", False]])
        assert refused.value.name == "odoo.exceptions.AccessError"


def test_it_stops_whole_and_starts_again_without_setting_up_anew(product):
    before = descendants(product.process.pid)
    done = _set_up(product)
    product.stop()
    alive = [pid for pid in before if "odoo" in command_line(pid)]
    assert not alive
    product.start()
    print(f"second start: {product.started_in:.1f} s (goal: {START_SECONDS} s)")
    assert _set_up(product) == done


def _set_up(product):
    """When each step of setting up was done, and when the add-on was last updated."""
    marks = {path: path.stat().st_mtime_ns for path in product.home.glob("marks/*")}
    assert marks
    return marks, product.sql(
        "SELECT write_date FROM ir_module_module WHERE name = 'mini_crm'"
    )


def test_it_comes_back_after_a_kill(product):
    product.kill()
    seconds = product.wait_until_healthy()
    print(f"healthy {seconds:.1f} s after a kill")
    assert product.rpc("agent", "res.partner", "search_count", []) > 0
