# ruff: noqa: T201 - where the picture of a failure is
"""People of the shop at their screens: a real Chromium on a served product.

The fixtures ``chromium`` (one for all tests) and ``pictures``::

    with chromium.screen(product.url, "phone", folder) as screen:
        screen.log_in(*new_colleague(product, "agent", "fa_IR"))
        screen.open("/odoo/crm-customers")
        screen.shot("customers")
"""

import os
import secrets
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from contract_rpc import ROLES
from playwright.sync_api import sync_playwright

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
PATIENCE = 30  # seconds for anything to show
LOADING = 120  # seconds for a page: the first one of a language is put together
SIZES = {"desktop": (1366, 768), "phone": (390, 844)}
PHONE = "Pixel 7"  # what the phone says that it is
CLIENT = ".o_web_client .o_action_manager > *"


@pytest.fixture(scope="session")
def chromium():
    """Chromium (Browser) for all tests of a run.

    :raises FileNotFoundError: without a browser on PATH; ``./run test`` sees to one
    """
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise FileNotFoundError(f"There is no {' and no '.join(NAMES)} on PATH.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found)
        try:
            yield Browser(started, playwright.devices[PHONE])
        finally:
            started.close()


@pytest.fixture
def pictures(tmp_path):
    """Where screenshots go: MINI_CRM_SCREENSHOTS, else a temporary folder (Path)."""
    folder = Path(os.environ.get("MINI_CRM_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Browser:
    """A browser whose windows know nothing of each other.

    :param chromium: Playwright's browser
    :param dict phone: what makes a window a phone's
    """

    def __init__(self, chromium, phone):
        self._chromium, self._phone = chromium, phone

    @contextmanager
    def screen(self, url, device, folder):
        """A new window on a product (Screen).

        :param str url: of the product
        :param str device: desktop, or phone: small and touched
        :param Path folder: where its pictures go
        """
        width, height = SIZES[device]
        known = self._phone if device == "phone" else {}
        size = {"viewport": {"width": width, "height": height}}
        context = self._chromium.new_context(**{**known, **size}, base_url=url)
        screen = Screen(context.new_page(), device, folder)
        try:
            yield screen
        except Exception:
            print(f"\nThe last screen: {screen.shot('failed')}", *screen.complaints)
            raise
        finally:
            context.close()


class Screen:
    """One window. What goes wrong in it is in ``complaints`` (list of str): errors in
    the console or of scripts, requests that failed or were refused.

    ``page`` is Playwright's, for all that has no method here.
    """

    def __init__(self, page, device, folder):
        self.page, self.device, self.folder = page, device, folder
        self.complaints = []
        page.set_default_timeout(PATIENCE * 1000)
        page.set_default_navigation_timeout(LOADING * 1000)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("requestfailed", self._on_failed)
        page.on("response", self._on_response)

    def log_in(self, login, password):
        """Log in on the login page, as a person does."""
        self.page.goto("/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.press("form.oe_login_form button[type=submit]")
        self._wait_for_client()

    def open(self, path):
        """Go to an address of the product, e.g. ``/odoo/crm-customers``."""
        self.page.goto(path)
        self._wait_for_client()

    def press(self, selector, text=None):
        """Click an element, or tap it on a phone, once it is there and can be.

        :param str text: the one that holds these words
        """
        element = self.page.locator(selector, has_text=text)
        if self.device == "phone":
            element.tap()
        else:
            element.click()

    def touch(self, selector):
        """Tap an element where it shows, once it rests there, without scrolling to it:
        one of Odoo's sheets that is scrolled is put away."""
        element, before = self.page.locator(selector), None
        ends = time.monotonic() + PATIENCE
        while (box := element.bounding_box()) != before or not self._is_within(box):
            assert time.monotonic() < ends, f"{selector} does not rest on the screen"
            before = box
            self.page.wait_for_timeout(100)
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.touchscreen.tap(x, y)

    def wait(self, selector, text=None):
        """Wait until an element shows; see `press`."""
        self.page.locator(selector, has_text=text).first.wait_for()

    def wait_until_gone(self, selector):
        """Wait until nothing of that kind shows."""
        self.page.locator(selector).first.wait_for(state="hidden")

    def shot(self, name):
        """Take a picture of what is on the screen: its path."""
        path = self.folder / f"{name}-{self.device}.png"
        self.page.screenshot(path=path)
        return path

    def _is_within(self, box):
        """Whether the middle of a box is on the screen."""
        size = self.page.viewport_size
        return bool(box) and (
            0 <= box["x"] + box["width"] / 2 < size["width"]
            and 0 <= box["y"] + box["height"] / 2 < size["height"]
        )

    def _wait_for_client(self):
        self.page.wait_for_selector(CLIENT, timeout=LOADING * 1000)

    def _on_console(self, message):
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _on_failed(self, request):
        # What the page itself gives up, as when one goes on to another, is no failure.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url}: {request.failure}")

    def _on_response(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.url}: HTTP {response.status}")


def new_colleague(product, role, language="en_US"):
    """Have the administrator add a user: (login, password).

    :param Product product: where
    :param str role: agent, manager or admin
    :param str language: code
    """
    module, name = ROLES[role].split(".")
    domain = [["module", "=", module], ["name", "=", name]]
    (group,) = product.rpc(
        "superuser", "ir.model.data", "search_read", domain, ["res_id"]
    )
    login, password = f"{role}_{secrets.token_hex(3)}", secrets.token_urlsafe(12)
    values = {
        "name": f"New {role}",
        "login": login,
        "password": password,
        "lang": language,
        "group_ids": [[6, 0, [group["res_id"]]]],
        # The bot's greeting at a first login would lie over a phone's screen.
        "odoobot_state": "disabled",
    }
    context = {"no_reset_password": True}
    product.rpc("superuser", "res.users", "create", [values], context=context)
    return login, password


def until(is_so, what):
    """Wait until a function's result is true: that result."""
    ends = time.monotonic() + PATIENCE
    while not (found := is_so()):
        assert time.monotonic() < ends, f"waited in vain for {what}"
        time.sleep(0.1)
    return found
