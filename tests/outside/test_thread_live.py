# ruff: noqa: T201 - what a test measures is printed
"""An agent at the screen and a customer in Telegram talk, through all that is real:
webhook, scheduled jobs, websocket, Chromium. Only Telegram is made up.
"""

import time
from dataclasses import dataclass

import pytest
from browser import new_colleague, until
from fakes.telegram import Telegram
from shop_channels import made_up

READY = ".o_mini_crm_conversation[data-status=ready]"
WAITS = ".o_mini_crm_conversation_waits"
HIS, OURS = ".o_mini_crm_said_in", ".o_mini_crm_said_out"
# Notes every state that the bubble with a text goes through.
WATCH = """text => {
    window.states = [];
    const look = () => {
        for (const bubble of document.querySelectorAll('.o_mini_crm_said_out')) {
            const body = bubble.querySelector('.o_mini_crm_said_body');
            const {state} = bubble.dataset;
            if (body?.textContent === text && window.states.at(-1) !== state) {
                window.states.push(state);
            }
        }
    };
    const what = {attributes: true, childList: true, subtree: true};
    new MutationObserver(look).observe(document.body, what);
}"""
PHONE_SHOWS = """digits => [...document.querySelectorAll(
        '.o_mini_crm_header [name=phone] input, .o_mini_crm_header [name=phone] a')]
    .some(shown => (shown.value || shown.href || '').replace(/[^0-9]/g, '') === digits)
"""


@dataclass
class Scene:
    """Who talks about what, on which screen."""

    device: str
    language: str
    customer: str
    phone: str
    hello: str
    question: str
    answer: str


SCENES = [
    Scene(
        device="desktop",
        language="en_US",
        customer="Roya Live",
        phone="+989120007101",
        hello="Hello, do you have scarves?",
        question="Is the blue one still there?",
        answer="Yes, one is left. Shall I keep it for you?",
    ),
    Scene(
        device="phone",
        language="fa_IR",
        customer="مریم زنده‌دل",
        phone="+989120007102",
        hello="سلام، روسری دارید؟",
        question="آبی‌اش هنوز هست؟",
        answer="بله، یکی مانده است. برایتان نگه دارم؟",
    ),
]


class Talk:
    """A customer in Telegram, and an agent with his conversation on the screen."""

    def __init__(self, scene, product, bot, screen):
        self.scene, self.product, self.screen = scene, product, screen
        self.bot, self.channel = bot
        self.person = self.bot.person(scene.customer, phone=scene.phone)

    def begin(self):
        """The customer writes for the first time: he is one of the shop's."""
        self.bot.say(self.person, self.scene.hello)
        (identity,) = until(self._identities, "the customer")
        self.partner = identity["partner_id"][0]

    def _identities(self):
        # asked as the web client does: SQL takes a process each time
        domain = [
            ["channel_id", "=", self.channel],
            ["external_id", "=", self.person.id],
        ]
        return self.product.rpc(
            "agent", "mini_crm.identity", "search_read", domain, ["partner_id"]
        )

    def open(self):
        """On a desktop by the waiting list, on a phone by the customer's form."""
        if self.scene.device == "desktop":
            self._open_by_waiting_list()
        else:
            self.screen.open(f"/odoo/crm-customers/{self.partner}")
            self.screen.press(".o_notebook_headers [name=communication]")
        self.screen.wait(READY)
        self.screen.wait(HIS, self.scene.hello)
        self.screen.page.evaluate("window.stays = true")

    def _open_by_waiting_list(self):
        self.screen.open("/odoo/crm-waiting")
        # Other tests' customers may wait as well, more than a page holds.
        self.screen.page.fill(".o_searchview_input", self.scene.customer)
        with self.screen.page.expect_response("**/web_search_read"):
            self.screen.page.press(".o_searchview_input", "Enter")
        row = ".o_mini_crm_waiting_list .o_data_row"
        self.screen.wait(row, self.scene.customer)
        self.screen.shot("waiting")
        self.screen.press(row, self.scene.customer)

    def customer_writes(self):
        """Until the agent reads it: seconds."""
        began = time.monotonic()
        self.bot.say(self.person, self.scene.question)
        self.screen.wait(HIS, self.scene.question)
        return time.monotonic() - began

    def agent_answers(self):
        """Until it is sent, as the screen says: (seconds, the states it has shown)."""
        page, text = self.screen.page, self.scene.answer
        page.evaluate(WATCH, text)
        page.fill(".o_mini_crm_reply_text", text)
        self.screen.shot("writing")
        began = time.monotonic()
        self.screen.press(".o_mini_crm_reply_send:enabled")
        self.screen.wait(f"{OURS}[data-state=sent]", text)
        seconds = time.monotonic() - began
        self.screen.wait_until_gone(WAITS)
        return seconds, page.evaluate("window.states")

    def customer_shares_phone(self):
        """Until the agent sees it at the customer: seconds."""
        began = time.monotonic()
        self.bot.share_contact(self.person)
        digits = self.scene.phone.lstrip("+")
        self.screen.page.wait_for_function(PHONE_SHOWS, arg=digits)
        seconds = time.monotonic() - began
        self.screen.wait(HIS, self.scene.phone)
        self.screen.wait(WAITS)
        return seconds

    def saved_phone(self):
        """The customer's phone number as the shop has it (str)."""
        (row,) = self.product.rpc(
            "agent", "res.partner", "read", [self.partner], ["phone_sanitized"]
        )
        return row["phone_sanitized"]


@pytest.fixture(scope="session")
def own_bot(product):
    """A bot, its channel's id: tests of the shop's channels count what is in them."""
    with Telegram(shop_url=product.url) as telegram:
        bot = telegram.bot(f"3999999999:{made_up('AA')}")
        yield bot, product.channel("telegram", bot, api_url=telegram.url)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.device)
def test_agent_and_customer_talk_without_a_reload(
    scene, product, own_bot, chromium, pictures
):
    agent = new_colleague(product, "agent", scene.language)
    with chromium.screen(product.url, scene.device, pictures) as screen:
        talk = Talk(scene, product, own_bot, screen)
        talk.begin()
        screen.log_in(*agent)
        talk.open()
        shown = talk.customer_writes()
        sent, states = talk.agent_answers()
        told = talk.customer_shares_phone()
        screen.shot("talked")
        screen.page.locator(".o_mini_crm_header").scroll_into_view_if_needed()
        screen.shot("customer")
        print(
            f"\n{scene.device}, {scene.language}: shown after {shown:.1f} s,"
            f" sent after {sent:.1f} s ({', '.join(states)}),"
            f" phone number after {told:.1f} s; pictures in {pictures}"
        )
        assert [entry.text for entry in talk.person.received()] == [scene.answer]
        assert states[0] != "sent" and states[-1] == "sent", states
        assert talk.saved_phone() == scene.phone
        assert screen.page.evaluate("window.stays") is True, "loaded again"
        assert not screen.complaints
