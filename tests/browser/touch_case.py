import time
from unittest.mock import patch

from odoo.tests import HttpCase
from odoo.tests.common import ChromeBrowser

STEPS = 12  # moves of a finger from one place to another
PAUSE = 0.03  # seconds between two of them
LONG = 0.7  # seconds until a press is a long one
PATIENCE = 40  # seconds


class Finger:
    """A finger on the glass of a phone: Chromium's own touch events, no clicks.

    :param ChromeBrowser browser: with the page that is touched
    """

    def __init__(self, browser):
        self._browser = browser

    def see(self, expression):
        """The value of a JavaScript expression."""
        answer = self._browser._websocket_request(
            "Runtime.evaluate",
            params={"expression": expression, "returnByValue": True},
        )
        return answer["result"].get("value")

    def wait(self, expression, what):
        """Wait until an expression is true; ``what`` is told when it never is."""
        until = time.monotonic() + PATIENCE
        while not self.see(f"Boolean({expression})"):
            if time.monotonic() > until:
                raise AssertionError(f"In vain waited for: {what}")
            time.sleep(0.1)

    def middle(self, selector):
        """Where the middle of an element is: (x, y)."""
        self.wait(f"document.querySelector({selector!r})", selector)
        box = self.see(
            f"(() => {{const box = document.querySelector({selector!r})"
            ".getBoundingClientRect(); return [box.x, box.y, box.width, box.height]})()"
        )
        return box[0] + box[2] / 2, box[1] + box[3] / 2

    def tap(self, selector):
        """Touch an element for a moment."""
        self._touch("touchStart", self.middle(selector))
        self._touch("touchEnd")

    def move(self, start, end, hold=0.0):
        """Put the finger down, keep it there for a while, draw it to another place.

        :param float hold: seconds; from ``LONG`` on it is a long press
        """
        self._touch("touchStart", start)
        time.sleep(hold)
        for step in range(1, STEPS + 1):
            share = step / STEPS
            self._touch(
                "touchMove",
                [a + (b - a) * share for a, b in zip(start, end, strict=True)],
            )
            time.sleep(PAUSE)
        self._touch("touchEnd")

    def back(self):
        """The back button, or the swipe from the edge."""
        self.see("history.back()")

    def _touch(self, kind, place=None):
        points = [{"x": place[0], "y": place[1]}] if place else []
        self._browser._websocket_request(
            "Input.dispatchTouchEvent", params={"type": kind, "touchPoints": points}
        )


class TouchCase(HttpCase):
    """Gestures on a phone: what a tour, which only clicks, cannot try."""

    browser_size = "390x844"
    touch_enabled = True

    def touch(self, path, login, play):
        """Open a page and play on it; an error on the page fails the test.

        :param play: function of a ``Finger``
        """

        def run(browser, _code, _timeout, error_checker=None):
            browser.error_checker = error_checker
            play(Finger(browser))
            if browser._result.done():
                browser._result.result()

        with patch.object(ChromeBrowser, "_wait_code_ok", run):
            self.browser_js(path, "", login=login)
