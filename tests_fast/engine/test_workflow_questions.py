import pytest

from engine.workflow_questions import Place, laid_out, run_of

PLACE = Place(5, "n1", 2)
TEA = {"label": "Tea", "payload": "tea"}
LONG = {"label": "x" * 21, "payload": "x"}
SHARE = {"label": "Share", "request_contact": True}
INSTAGRAM = {"most": 13, "label": 20, "contact": False}
TELEGRAM = {"most": 50, "label": 64, "contact": True}


def test_button_tells_its_question_and_number():
    payload = PLACE.payload(3)
    assert PLACE.pressed(payload) == 3
    assert run_of(payload) == 5


@pytest.mark.parametrize(
    "other", [Place(6, "n1", 2), Place(5, "n2", 2), Place(5, "n1", 3)]
)
def test_button_of_another_question_is_none_of_this(other):
    assert PLACE.pressed(other.payload(1)) == 0


@pytest.mark.parametrize("payload", ["", "1", "wf:", "wf:5:n1:1", "wf:5:zz:1", None])
def test_other_payloads_are_none_of_a_workflow(payload):
    assert run_of(payload) == 0


def test_payload_is_short_however_the_node_is_called():
    place = Place(10**17, "گام" * 40, 10**8)
    assert len(place.payload(50).encode()) <= 64


@pytest.mark.parametrize("tail", ["", "/3", ":1", ":2r", ":0r/1"])
def test_key_tells_the_question_of_all_its_messages(tail):
    assert Place.of_key(PLACE.key + tail) == PLACE


@pytest.mark.parametrize("key", ["", None, "mine", "wf:5:n1"])
def test_other_keys_are_none_of_a_question(key):
    assert Place.of_key(key) is None


def test_choices_that_fit_are_buttons():
    assert laid_out("Q", [TEA], **INSTAGRAM) == ("Q", [TEA])


def test_choices_that_do_not_fit_are_numbered_below_the_text():
    assert laid_out("Q", [TEA, LONG], **INSTAGRAM) == (f"Q\n1. Tea\n2. {'x' * 21}", [])
    text, buttons = laid_out("Q", [TEA] * 14, **INSTAGRAM)
    assert text.endswith("\n14. Tea")
    assert buttons == []


def test_number_is_asked_for_where_the_channel_can():
    assert laid_out("Q", [SHARE], **TELEGRAM) == ("Q", [SHARE])
    assert laid_out("Q", [SHARE], **INSTAGRAM) == ("Q", [])


def test_e_mail_has_no_buttons():
    assert laid_out("Q", [TEA], most=0, label=0, contact=False) == ("Q\n1. Tea", [])
