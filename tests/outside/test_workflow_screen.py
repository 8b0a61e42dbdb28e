# ruff: noqa: T201 - what a test measures is printed
"""A manager draws "ask for the phone and save it" on an empty canvas, tries it on a
customer, publishes it; a customer in Telegram goes through it, and it is paused. Only
Telegram is made up.
"""

from dataclasses import dataclass

import pytest
from browser import new_colleague, until
from fakes.telegram import Telegram
from shop_channels import made_up

MOST_ACTIONS = 11  # of a person, before he publishes: "under 12"
EMPTY = ".o_mini_crm_workflow_{} .o_mini_crm_workflow_trigger"
SAVED = (
    ".o_mini_crm_workflow[data-status=saved] .o_mini_crm_workflow_card[data-kind=ask]"
)
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@dataclass
class Scene:
    """Who asks whom for what, on which screen."""

    device: str
    language: str
    drawing: str
    customer: str
    hello: str
    question: str
    answer: str
    phone: str


SCENES = [
    Scene(
        device="desktop",
        language="en_US",
        drawing="canvas",
        customer="Roya Asked",
        hello="Hello, are you open today?",
        question="What is your phone number?",
        answer="it is +98 912 000 7201",
        phone="+989120007201",
    ),
    Scene(
        device="phone",
        language="fa_IR",
        drawing="outline",
        customer="مریم پرسیده‌شده",
        hello="سلام، امروز باز هستید؟",
        question="شماره تلفن شما چیست؟",
        answer="۰۰۹۸۹۱۲۰۰۰۷۲۰۲",
        phone="+989120007202",
    ),
]


class Drawing:
    """The editor on a screen; what a person does to it is counted.

    :param Screen screen: logged in as a manager
    """

    def __init__(self, scene, screen):
        self.scene, self.screen, self.actions = scene, screen, 0

    def draw(self):
        """From the empty canvas to a question that is saved."""
        self.screen.open("/odoo/crm-workflows/new")
        self._press(EMPTY.format(self.scene.drawing))
        self._press("[data-trigger=message_received]")
        self._close_sheet()
        self._press(".o_mini_crm_workflow_plus[data-place='/next']")
        self._press(".o_mini_crm_choice_button[data-kind=ask]")
        self._setting("text", "textarea").fill(self.scene.question)
        self._setting("answer", "select").select_option("phone")
        self._setting("save_to", "select").select_option("phone")
        self.screen.shot("workflow-settings")
        self._close_sheet()
        self.screen.wait(SAVED)

    def try_on(self, customer):
        """A test run on a customer: what he would be told, and what would come of it.

        :param str customer: his name
        :return: (texts of the bubbles, all words of the steps)
        :rtype: tuple[list[str], str]
        """
        self.screen.press(".o_mini_crm_workflow_test_button")
        self.screen.page.locator(".o_mini_crm_workflow_test input").fill(customer)
        self.screen.press(".o-autocomplete--dropdown-item", customer)
        steps = ".o_mini_crm_workflow_steps li"
        self.screen.wait(f"{steps}[data-node=n1]")
        self.screen.shot("workflow-test-run")
        page = self.screen.page
        told = page.locator(f"{steps} .o_mini_crm_workflow_bubble").all_inner_texts()
        words = "\n".join(page.locator(steps).all_inner_texts())
        self.screen.press(".modal-footer .btn-secondary")
        self.screen.wait_until_gone(".o_mini_crm_workflow_test")
        return told, words

    def pause(self):
        """Have it do nothing any more."""
        self.screen.press(".o_mini_crm_workflow_pause:enabled")
        self.screen.wait(".o_mini_crm_workflow_resume")

    def publish(self):
        """Have customers go through it."""
        self.screen.press(".o_mini_crm_workflow_publish:enabled")
        self.screen.wait(".o_mini_crm_workflow_pause")

    def _press(self, selector):
        self.actions += 1
        if self.scene.device == "phone":
            self.screen.touch(selector)
        else:
            self.screen.press(selector)

    def _setting(self, name, kind):
        self.actions += 1
        return self.screen.page.locator(f"[data-setting={name}] {kind}")

    def _close_sheet(self):
        """On a phone settings lie over the outline."""
        if self.scene.device == "phone":
            self._press(".o_mini_crm_workflow_done")
            self.screen.wait_until_gone(".o_bottom_sheet")


@pytest.fixture(scope="module")
def own_bot(product):
    """A bot of this file: tests of the shop's channels count what is in them."""
    with Telegram(shop_url=product.url) as telegram:
        bot = telegram.bot(f"3666666666:{made_up('AA')}")
        product.channel("telegram", bot, api_url=telegram.url)
        yield bot


@pytest.fixture
def no_others(product):
    """Any message starts what is drawn here: it runs only while its test does."""
    yield
    live = product.rpc(
        "manager", "mini_crm.workflow", "search", [["state", "=", "live"]]
    )
    product.rpc("manager", "mini_crm.workflow", "action_pause", live)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.device)
@pytest.mark.usefixtures("no_others")
def test_a_question_drawn_by_a_manager_brings_the_phone_of_a_customer(
    scene, product, own_bot, chromium, pictures
):
    manager = new_colleague(product, "manager", scene.language)
    with chromium.screen(product.url, scene.device, pictures) as screen:
        screen.log_in(*manager)
        drawing = Drawing(scene, screen)
        drawing.draw()
        assert drawing.actions <= MOST_ACTIONS
        person = _known(scene, product, own_bot)
        _tried(product, drawing)
        assert not person.received()
        drawing.publish()
        assert screen.page.evaluate(FITS)
        screen.shot("workflow")
        (made,) = product.sql("SELECT max(id) AS id FROM mini_crm_workflow")
        _goes_through(scene, own_bot, person)
        (run,) = until(lambda: _ended(product, made["id"]), "the end of the run")
        assert (run["state"], run["outcome"]) == ("done", "finished")
        (step,) = product.steps(run["id"])
        assert (step["kind"], step["edge"]) == ("ask", "answered")
        assert [entry.text for entry in person.received()] == [scene.question]
        assert _phone(product, run["partner_id"]) == scene.phone
        drawing.pause()
        (row,) = product.sql(
            f"SELECT state FROM mini_crm_workflow WHERE id = {made['id']:d}"
        )
        assert row["state"] == "paused"
        screen.open(f"/odoo/crm-customers/{run['partner_id']}")
        screen.shot("workflow-customer")
        print(
            f"\n{scene.device}, {scene.language}: {drawing.actions} actions to draw it;"
            f" pictures in {pictures}"
        )
        assert not screen.complaints


def _tried(product, drawing):
    """A test run tells a customer's way and texts; nothing is written or sent."""
    counts = """SELECT (SELECT count(*) FROM mini_crm_workflow_run) AS runs,
        (SELECT count(*) FROM mini_crm_message) AS messages,
        (SELECT count(*) FROM mini_crm_outbox) AS outbox"""
    before = product.sql(counts)
    texts, path = drawing.try_on(drawing.scene.customer)
    assert drawing.scene.question in texts[0]
    assert "Telegram" in path or "تلگرام" in path
    assert product.sql(counts) == before


def _known(scene, product, bot):
    """A customer who has written before anything runs: Person."""
    person = bot.person(scene.customer)
    bot.say(person, scene.hello)
    named = [["name", "=", scene.customer]]
    until(
        lambda: product.rpc("manager", "res.partner", "search", named), "the customer"
    )
    return person


def _goes_through(scene, bot, person):
    """The customer writes, is asked, and answers."""
    bot.say(person, scene.hello)
    until(person.received, "the question")
    bot.say(person, scene.answer)


def _ended(product, workflow):
    """The runs of a workflow, once all have ended (list)."""
    runs = product.runs(workflow)
    return runs if runs and all(run["ended_at"] for run in runs) else []


def _phone(product, partner):
    """The customer's phone number as the shop has it (str)."""
    fields = ["phone_sanitized"]
    (row,) = product.rpc("agent", "res.partner", "read", [partner], fields)
    return row["phone_sanitized"]
