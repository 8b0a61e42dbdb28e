"""`./run simulate`: a made-up Telegram or Instagram for a served shop, with a page.

Whoever opens the page types as a customer; the shop answers from its screens. The
channel is connected by the product's own set-up, and nobody outside this machine is
called: the provider's address is the simulator's.
"""

import importlib.util
import json
import re
import secrets
import sys
import time
from pathlib import Path

from .databases import checked_name
from .failure import RunnerError, Stopped
from .process import follow, say

DEFAULT_PORT = 8169
PROVIDERS = ("telegram", "instagram")
# Recognisably no real one; it lets nobody in anywhere but here.
_BOT_NUMBER = 4_200_000_001
_REAL = 3  # exit code of inside_odoo/simulated_channel.py
_SCRIPT = Path(__file__).with_name("inside_odoo") / "simulated_channel.py"
_EPOCH = 1_700_000_000  # seconds; messages are numbered by the clock since then


def simulate(installation, provider):
    """Simulate a provider for the served shop until Ctrl-C.

    :param Installation installation: where; its port is the simulator's
    :param str provider: telegram or instagram
    :returns: exit code (int)
    """
    db = checked_name(installation.settings.db)
    shop_url = served_at(installation.home.conf, db)
    port = installation.settings.port or DEFAULT_PORT
    with installation.up():
        if not installation.databases.exists(db):
            raise RunnerError(f"There is no database {db}.", "Start ./run serve first.")
        with _started(installation.checkout, provider, port, shop_url) as fake:
            try:
                _connect(installation, db, provider, fake)
                _say_ready(provider, fake, shop_url)
                while True:
                    time.sleep(3600)
            except Stopped:
                say("\nStopping. The channel stays, connected to the simulator.")
    return 0


def served_at(conf, db):
    """Address at which a database is being served on this machine.

    :param Path conf: folder with the settings of running Odoos
    :raises RunnerError: when it is not served
    """
    for path in sorted(conf.glob(f"{db}.*.conf")):
        text = path.read_text(encoding="utf-8")
        port = re.search(r"^http_port = (\d+)$", text, re.MULTILINE)
        if port and re.search(r"^server_wide_modules = ", text, re.MULTILINE):
            listen = re.search(r"^http_interface = (\S+)$", text, re.MULTILINE)
            host = listen[1] if listen else ""
            if host in ("", "0.0.0.0", "::"):
                host = "127.0.0.1"
            return f"http://{host}:{port[1]}"
    raise RunnerError(
        f"The database {db} is not being served.",
        "Start ./run serve in another terminal, then this again.",
    )


def _started(checkout, provider, port, shop_url):
    """The fake provider with one account and two customers, listening."""
    _load_fakes(checkout)
    from fakes.instagram import Instagram
    from fakes.telegram import Telegram

    kind = {"telegram": Telegram, "instagram": Instagram}[provider]
    try:
        fake = kind(port, shop_url=shop_url)
    except OSError as error:
        raise RunnerError(
            f"Port {port} is taken by another program.",
            f"Choose another one: ./run simulate {provider} --port {port + 1}",
        ) from error
    # numbered by the clock: a later simulation must not repeat what is known already
    first = int(time.time()) - _EPOCH
    if provider == "telegram":
        token = f"{_BOT_NUMBER}:simulated-{secrets.token_hex(12)}"
        account = fake.bot(token, "Simulated shop", "simulated_shop_bot")
    else:
        token, app_secret = (f"simulated{secrets.token_hex(12)}" for _each in "ab")
        account = fake.account(token, app_secret, "simulated.shop")
    account.number_messages(first)
    account.person("سارا راد", phone="+989121112233", language="fa")
    account.person("Ali Moradi", phone="+989124445566", language="en")
    return fake


def _load_fakes(checkout):
    """Make the package tests/fakes importable, and nothing else of tests/."""
    if "fakes" not in sys.modules:
        folder = checkout / "tests" / "fakes"
        spec = importlib.util.spec_from_file_location(
            "fakes", folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        module = importlib.util.module_from_spec(spec)
        sys.modules["fakes"] = module
        spec.loader.exec_module(module)


def _connect(installation, db, provider, fake):
    """Connect a channel of the shop to the simulator.

    :raises RunnerError: for a shop with real tokens, or when the product refuses
    """
    say(f"Connecting a channel of {db} to {fake.url}; nobody else will be called.")
    (account,) = fake.accounts()
    words = [db, provider, fake.url, str(account.id), account.token]
    if provider == "instagram":
        words.append(account.app_secret)
    told, lines = {}, []

    def hear(line):
        lines.append(line)
        if line.startswith("{"):
            told.update(json.loads(line))

    conf = installation.configure(db)
    try:
        env = installation.environment(conf)
        # not announced: the tokens are for this run only, but are tokens
        code = follow(
            [installation.home.python, _SCRIPT, *words], on_line=hear, env=env
        )
    finally:
        conf.unlink(missing_ok=True)
    if code == _REAL:
        raise RunnerError(
            f"{db} holds the token of a real channel ({', '.join(told['real'])}), and a"
            " simulation beside it would mix invented customers with real ones.",
            f"Use another database: ./run serve --db trial, then ./run simulate"
            f" {provider} --db trial",
        )
    if code:
        raise RunnerError("The channel was not connected:\n" + "\n".join(lines[-8:]))
    if provider == "instagram" and not account.set_webhook(
        told["webhook"], told["verify_token"]
    ):
        raise RunnerError("The shop did not answer Meta's question for its webhook.")


def _say_ready(provider, fake, shop_url):
    say(f"\nSimulated {provider.capitalize()}: {fake.url}")
    say("  open it and write as a customer; answer in the shop:")
    say(f"  {shop_url}")
    say("Ctrl-C ends it.")
