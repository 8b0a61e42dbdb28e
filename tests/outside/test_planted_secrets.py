# ruff: noqa: T201 - what a test measures is printed
"""What was planted as a secret stands nowhere but, encrypted, where it belongs."""

import base64
import contextlib
import json
import subprocess
import time
import urllib.parse
import zipfile

import pytest
from contract import RpcError
from contract_processes import free_port
from fakes import faults
from scheduled_jobs import switch
from shop_channels import made_up

SECRETS = "mini_crm.channel.secret"
# The superuser is the first administrator, who alone may export.
ROLES = ("agent", "manager", "admin", "superuser")
# Does whatever the workers do, with all that Odoo can log. Polling ends at each of
# Telegram's errors: as often as there are some, and then it goes well.
_WORK_LOUDLY = """
import time
from odoo.exceptions import UserError
def run(name):
    for _try in range(60):
        try:
            env.ref(f"mini_crm.ir_cron_mini_crm_{name}").method_direct_trigger()
            return env.cr.commit()
        except UserError:  # the server is at it
            env.cr.rollback()
            time.sleep(0.5)
    raise TimeoutError(name)
names = ["polling"] * POLLS
names += ["inbox", "inbox_2", "media", "outbox", "outbox_2", "channel_watch"]
for name in names:
    if name == "inbox":
        telegram = env["mini_crm.channel"].search([("receive", "=", "polling")])
        print("@@polled", [channel._poll(0) for channel in telegram])
        env.cr.commit()
    run(name)
for channel in env["mini_crm.channel"].search([]):
    try:
        channel.check_now()
    except Exception as error:
        print(type(error).__name__, error)
print("@@done")
"""


@pytest.fixture(scope="module")
def planted(product, shop_channels):
    """Six secrets by their names, planted as an administrator does it."""
    words = {
        "token of the bot": shop_channels.bot.token,
        "token of the account": shop_channels.account.token,
        "secret of the app": shop_channels.account.app_secret,
        "other secret of the app": made_up("", 32),
        "secret of the webhook": shop_channels.bot.webhook["secret_token"],
        "password of the proxy": made_up("proxy", 24),
    }
    instagram = shop_channels.ids[1]
    other = {"other_app_secret": words["other secret of the app"]}
    product.rpc("admin", "mini_crm.channel", "save_settings", [instagram], other)
    # a third channel behind a proxy that nobody listens at: every call of it fails
    proxy = f"http://shop:{words['password of the proxy']}@127.0.0.1:{free_port()}"
    broken = product.rpc("admin", "mini_crm.channel", "add_channel", "telegram")
    settings = {"proxy": proxy, "api_url": f"http://127.0.0.1:{free_port()}"}
    product.rpc("admin", "mini_crm.channel", "save_settings", [broken], settings)
    _refused(
        product, "admin", "mini_crm.channel", "enter_token", [broken], words_of(words)
    )
    yield words
    product.rpc("admin", "mini_crm.channel", "write", [broken], {"active": False})


def words_of(words):
    """A token that is refused, with a planted one in it (str)."""
    return words["token of the bot"] + "x"


def forms(word):
    """What a secret would look like where it leaks: set of bytes."""
    raw = word.encode()
    found = {raw, raw.hex().encode(), urllib.parse.quote(word, safe="").encode()}
    for shift in range(3):  # base64 of something longer, wherever it begins
        coded = base64.b64encode(b"x" * shift + raw)
        found.add(coded[4 if shift else 0 : -4].rstrip(b"="))
    return found


def found_in(content, planted):
    """Names of the secrets that stand in some bytes (list)."""
    content = content if isinstance(content, bytes) else content.encode()
    return [
        name
        for name, word in planted.items()
        if any(form in content for form in forms(word))
    ]


def _refused(product, role, model, method, *args, **kwargs):
    """The text of the refusal (str); fails when there is none."""
    with pytest.raises(RpcError) as refusal:
        product.rpc(role, model, method, *args, **kwargs)
    return str(refusal.value)


def test_the_search_itself_finds_what_leaks(planted):
    for name, word in planted.items():
        for leak in (
            word,
            f"https://api.example/bot{word}/getMe",
            base64.b64encode(f"a secret: {word}, plain".encode()).decode(),
        ):
            assert name in found_in(leak, planted), (name, leak)
    assert not found_in("nothing of the kind", planted)


def test_no_secret_is_in_a_dump_of_the_database(product, planted):
    done = subprocess.run(
        ["pg_dump", "--inserts", product.db], capture_output=True, check=True
    )
    print(f"{len(done.stdout):,} bytes of dump")
    assert b"mini_crm_channel_secret" in done.stdout
    assert not found_in(done.stdout, planted)


def test_no_secret_is_in_a_file(product, planted):
    folders = ("data", "conf", "secrets", "locks", "tmp")
    number = 0
    for folder in folders:
        for path in (product.home / folder).rglob("*"):
            if path.is_file():
                number += 1
                with contextlib.suppress(OSError):
                    assert not found_in(path.read_bytes(), planted), path
    print(f"{number:,} files looked through")
    assert number > 20


def test_errors_of_providers_do_not_tell_the_token(product, shop_channels, planted):
    """Providers repeat what they were sent; libraries put addresses into errors."""
    said = []
    telegram, instagram = shop_channels.ids
    error = f"Bad Request: https://x/bot{shop_channels.bot.token}/getMe is wrong"
    for method in ("getMe", "getWebhookInfo"):
        fault = {"code": 400, "description": error}
        shop_channels.telegram.faults.add(faults.Fault(error=fault, method=method))
    fault = {"code": 190, "text": f"Bad token {shop_channels.account.token}"}
    shop_channels.instagram.faults.add(
        faults.Fault(error=fault, method="GET subscribed_apps")
    )
    for channel in (telegram, instagram):
        with contextlib.suppress(RpcError):
            said.append(
                product.rpc("admin", "mini_crm.channel", "check_now", [channel])
            )
        said.append(
            product.rpc(
                "admin", "mini_crm.channel", "read", [channel], ["problem_detail"]
            )
        )
    for channel in product.rpc("admin", "mini_crm.channel", "search", []):
        try:
            product.rpc("admin", "mini_crm.channel", "check_now", [channel])
        except RpcError as refusal:
            said.append(str(refusal))
    for fake in (shop_channels.telegram, shop_channels.instagram):
        fake.faults.clear()
    print(f"{len(said)} answers about errors")
    assert not found_in(json.dumps(said), planted)
    time.sleep(1)  # Telegram takes a webhook once a second
    for channel in (telegram, instagram):  # well again for whoever comes next
        product.rpc("admin", "mini_crm.channel", "connect", [channel])


@pytest.fixture
def polled(product, shop_channels):
    """The bot while it is asked for messages, but not by the server: nobody asks yet.

    Two who ask at the same time would disturb each other.
    """
    telegram = [shop_channels.ids[0]]
    switch(product, "ir_cron_mini_crm_polling", active=False)
    product.rpc("admin", "mini_crm.channel", "connect", telegram, "polling")
    yield shop_channels.bot
    shop_channels.telegram.faults.clear()
    product.rpc("admin", "mini_crm.channel", "connect", telegram, "webhook")
    switch(product, "ir_cron_mini_crm_polling", active=True)


def test_no_secret_is_in_the_logs_not_even_the_loudest(
    product, shop_channels, polled, planted
):
    person = polled.person("Loud")
    polled.say(person, "hello")
    polled.send_photo(person, b"\xff\xd8\xff picture")
    told = f"https://x/bot{polled.token}/getUpdates"
    troubles = [
        faults.Fault(error={"code": 400, "description": told}, method="getUpdates"),
        faults.cuts(method="getUpdates"),
        faults.Fault(error={"code": 401, "description": told}, method="getUpdates"),
    ]
    for trouble in troubles:
        shop_channels.telegram.faults.add(trouble)
    done = product.run(
        *("odoo", "shell", "--no-http", "--log-level=debug_rpc_answer"),
        stdin=_WORK_LOUDLY.replace("POLLS", str(len(troubles))),
    )
    loud = (done.stdout + done.stderr).encode()
    assert b"@@done" in loud, loud[-3000:]
    assert b"@@polled [True]" in loud, "the errors were not tried, or too many"
    assert b"DEBUG" in loud
    product.drain()
    assert person.id in product.identities(shop_channels.ids[0])
    (row,) = product.rpc(
        *("admin", "mini_crm.channel", "read", shop_channels.ids[:1]),
        ["problem", "problem_detail"],
    )
    assert row["problem"], "the last error was not told"
    assert not found_in(json.dumps(row), planted)
    logs = [path for path in (product.home / "logs").rglob("*") if path.is_file()]
    print(f"{len(loud):,} bytes said loudly, {len(logs)} logs")
    assert not found_in(loud, planted)
    for path in logs:
        assert not found_in(path.read_bytes(), planted), path


@pytest.mark.parametrize("role", ROLES)
def test_nobody_reads_the_table_of_secrets(product, planted, role):
    for method, *arguments in (
        ("search_read", []),
        ("read", [1], ["value"]),
        ("search_count", [["value", "like", "%"]]),
        ("formatted_read_group", [], ["value"], ["__count"]),
        ("export_data", [1], ["value"]),
        ("copy", [1]),
        ("onchange", [1], {}, [], {"value": {}}),
        ("write", [1], {"value": "x"}),
        ("unlink", [1]),
    ):
        refusal = _refused(product, role, SECRETS, method, *arguments)
        kind = "AccessError"
        if method == "export_data" and role == "agent":
            kind = "UserError"  # exports nothing at all
        assert refusal.startswith(f"odoo.exceptions.{kind}"), (method, refusal)


@pytest.mark.parametrize("role", ROLES)
def test_a_channel_tells_no_secret_whatever_is_asked(product, planted, role):
    channels = product.rpc(role, "mini_crm.channel", "search", [])
    assert channels or role == "agent"
    known = product.rpc(role, "mini_crm.channel", "fields_get")
    names = list(known)
    stored = [name for name in names if known[name].get("store")]
    answers = [
        product.rpc(role, "mini_crm.channel", "read", channels, names),
        product.rpc(role, "mini_crm.channel", "search_read", [], names),
        known,
    ]
    exported = [name for name in names if known[name].get("exportable", True)]
    for call, arguments in (
        ("export_data", (channels, exported)),
        ("formatted_read_group", ([], stored[:5], ["__count"])),
        ("onchange", (channels[:1], {}, [], {name: {} for name in names})),
        ("web_read", (channels, {name: {} for name in names})),
        ("copy_data", (channels,)),
        ("get_setup", (channels[:1],)),
    ):
        with contextlib.suppress(RpcError):
            answers.append(product.rpc(role, "mini_crm.channel", call, *arguments))
    print(f"{role}: {len(answers)} answers with {len(names)} fields")
    if role == "superuser":
        assert len(answers) == 9, "something that administrators may was refused"
    assert not found_in(json.dumps(answers), planted)


@pytest.mark.parametrize("name", ["token", "app_secret", "other_app_secret", "proxy"])
def test_a_secret_cannot_be_searched_or_grouped_for(product, planted, name):
    """A search that answers would tell it letter by letter."""
    for operator, value in (("=like", "4%"), ("=", planted["token of the bot"])):
        domain = [[name, operator, value]]
        with contextlib.suppress(RpcError):
            assert not product.rpc("admin", "mini_crm.channel", "search_count", domain)
    with contextlib.suppress(RpcError):
        rows = product.rpc(
            "admin", "mini_crm.channel", "formatted_read_group", [], [name], ["__count"]
        )
        assert not any(row[name] for row in rows), rows


def test_a_copy_of_a_channel_has_no_secret(product, shop_channels, planted):
    for channel in shop_channels.ids:
        (copy,) = product.rpc("admin", "mini_crm.channel", "copy", [channel])
        rows = product.sql(
            f"SELECT name FROM mini_crm_channel_secret WHERE channel_id = {copy}"
        )
        assert not rows
        product.rpc("admin", "mini_crm.channel", "unlink", [copy])


def test_no_secret_is_in_what_is_taken_out_or_backed_up(product, planted, tmp_path):
    file = tmp_path / "shop.zip"
    done = product.run("backup", str(file))
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(file) as packed:
        names = packed.namelist()
        for name in names:
            if not name.endswith(".dump"):  # compressed; the plain dump is tested above
                assert not found_in(packed.read(name), planted), name
    assert any(name.startswith("secrets/") for name in names)
    print(f"{len(names)} files in the backup")
