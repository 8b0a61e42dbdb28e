"""What a run does at each kind of node, and where it ends."""

from datetime import timedelta

import pytest
from workflow_kit import HOURS, NOW, Room, moment, workflow

from engine.workflow import (
    MAX_BURST,
    MAX_STEPS,
    Act,
    Answered,
    Asked,
    Check,
    Performed,
    ReadDate,
    Save,
    Send,
    Started,
    State,
    Stopped,
    Surroundings,
    TakenOver,
    TimerDue,
    step,
)

HI = {"text": "Hi {name}"}
TEHRAN = Surroundings(zone="Asia/Tehran", country="IR")


def one(kind, edges=("next",), /, **settings):
    """A workflow of a node; each of its edges goes to a node of its own."""
    ends = {f"after_{edge}": ("add_tag", {}, {"tag": 1}) for edge in edges}
    following = {edge: f"after_{edge}" for edge in edges}
    return workflow("n", n=(kind, following, settings), **ends)


def test_run_goes_from_node_to_node_and_ends_well():
    room = Room(workflow("a", a=("send", {"next": "b"}, HI), b=("send", {}, HI)))
    commands = room.start()
    assert commands == [Send("Hi {name}"), Send("Hi {name}")]
    assert room.log == [("a", 1, "next", ""), ("b", 1, "next", "")]
    assert (room.state.status, room.state.outcome) == ("done", "finished")


@pytest.mark.parametrize("first", [None, "", "gone"])
def test_run_without_a_first_node_is_finished_at_once(first):
    room = Room({**workflow("a"), "first": first})
    assert room.start() == []
    assert (room.state.status, room.state.outcome) == ("done", "finished")


def test_message_that_cannot_be_sent_has_a_way_of_its_own():
    failing = {Send: Performed("not_sent", "opted_out")}
    room = Room(one("send", ("next", "not_sent"), **HI), answers=failing)
    room.start()
    assert room.log[0] == ("n", 1, "not_sent", "opted_out")
    assert room.state.node == "after_not_sent"
    alone = Room(one("send", **HI), answers=failing)
    alone.start()
    assert alone.log == [("n", 1, "not_sent", "opted_out")]
    assert (alone.state.status, alone.state.outcome) == ("done", "finished")


def test_message_goes_by_its_channel_and_with_its_subject():
    definition = one("send", text="Hi", channel="email", subject="News")
    (message, _tag) = Room(definition).start()
    assert message == Send("Hi", "email", "News")


@pytest.mark.parametrize(
    ("settings", "due_at"),
    [
        ({}, NOW + 24 * HOURS),
        ({"duration": {"amount": 90, "unit": "minutes"}}, NOW + 1.5 * HOURS),
        # NOW is Monday 13:30 in Tehran
        ({"by": "clock", "at": "14:00"}, NOW + 0.5 * HOURS),
        ({"by": "clock", "at": "13:30"}, NOW + 24 * HOURS),
        ({"by": "clock", "at": "13:00", "weekdays": [0]}, NOW + 167.5 * HOURS),
    ],
)
def test_delay_waits_until_its_time(settings, due_at):
    room = Room(one("delay", **settings), TEHRAN)
    assert room.start() == []
    assert (room.state.status, room.state.due_at) == ("waiting", due_at)
    early = room.state
    room.happens(TimerDue(), due_at - timedelta(microseconds=1))
    assert room.state is early
    room.happens(TimerDue(), due_at)
    assert room.path == [("n", "next"), ("after_next", "next")]
    assert room.state.due_at is None


@pytest.mark.parametrize(
    ("value", "settings", "found"),
    [
        ("2026-03-05", {}, moment("2026-03-05 05:30")),
        ("2026-03-05T22:00:00", {"days": -1}, moment("2026-03-04 05:30")),
        ("1990-03-05", {"yearly": True}, moment("2026-03-05 05:30")),
        ("2026-03-02", {}, NOW),
        (None, {}, "no_date"),
        ("", {}, "no_date"),
        ("soon", {}, "no_date"),
        (5, {}, "no_date"),
        ("2026-03-01", {}, "passed"),
    ],
)
def test_delay_until_a_date_of_the_customer(value, settings, found):
    definition = one("delay", ("next", "missing"), by="date", date="due", **settings)
    room = Room(definition, TEHRAN, answers={ReadDate: Performed(value=value)})
    assert room.start()[0] == ReadDate("due")
    if isinstance(found, str):
        assert room.log[0] == ("n", 1, "missing", found)
    else:
        assert (room.state.status, room.state.due_at) == ("waiting", found)


def test_yearly_delay_in_a_loop_comes_once_a_year():
    definition = workflow(
        "wait",
        wait=("delay", {"next": "hi"}, {"by": "date", "date": "b", "yearly": True}),
        hi=("send", {"next": "wait"}, HI),
    )
    room = Room(definition, TEHRAN, answers={ReadDate: Performed(value="1990-03-02")})
    room.start()
    sent = []
    for _year in range(4):
        commands = room.happens(TimerDue(), room.state.due_at)
        sent += [room.now for each in commands if isinstance(each, Send)]
    birthdays = [f"{year}-03-02 05:30" for year in (2027, 2028, 2029)]
    assert sent == [NOW, *map(moment, birthdays)]


DOMAIN = "[('city', '=', 'x')]"


@pytest.mark.parametrize(
    ("settings", "text", "met", "edge", "asked"),
    [
        ({"domain": DOMAIN}, "", "yes", "yes", True),
        ({"domain": DOMAIN}, "", "no", "no", True),
        ({"words": ["price"]}, "the PRICE?", None, "yes", False),
        ({"words": ["price"]}, "hello", None, "no", False),
        ({"words": ["price"], "domain": DOMAIN}, "price", "yes", "yes", True),
        ({"words": ["price"], "domain": DOMAIN}, "price", "no", "no", True),
        # what words have settled, the room need not be asked
        ({"words": ["price"], "domain": DOMAIN}, "hello", "yes", "no", False),
        (
            {"words": ["price"], "domain": DOMAIN, "match": "any"},
            "price",
            "no",
            "yes",
            False,
        ),
        (
            {"words": ["price"], "domain": DOMAIN, "match": "any"},
            "hello",
            "yes",
            "yes",
            True,
        ),
        ({"words": ["a"], "domain": DOMAIN, "match": "any"}, "", "no", "no", True),
        ({}, "", None, "yes", False),
        ({"match": "any"}, "", None, "yes", False),
    ],
)
def test_condition_has_two_ways(settings, text, met, edge, asked):
    definition = one("condition", ("yes", "no"), **settings)
    room = Room(definition, answers={Check: Performed(met)})
    commands = room.start(text)
    assert room.log[0] == ("n", 1, edge, "")
    assert (Check(DOMAIN) in commands) == asked


@pytest.mark.parametrize(
    ("answer", "wanted", "edge"),
    [
        ({"value": "r", "text": "Red"}, "r", "yes"),
        ({"value": "r", "text": "Red"}, "RED!", "yes"),
        ({"value": "r", "text": "Red"}, "blue", "no"),
        ({"value": True, "text": "آره"}, "yes", "yes"),
        ({"value": False, "text": "نه"}, "yes", "no"),
        ({"value": 5.0, "text": "۵"}, "5", "yes"),
        ({"value": 1.0, "text": "۱"}, "yes", "no"),
        ({"value": 1.0, "text": "یک"}, "1", "yes"),
        (None, "r", "no"),
    ],
)
def test_condition_on_an_earlier_answer(answer, wanted, edge):
    answers = [{"label": "q", "value": wanted}]
    definition = one("condition", ("yes", "no"), answers=answers)
    state = State(answers={"q": answer} if answer else {})
    room = Room(definition, state=state)
    room.start()
    assert room.log[0] == ("n", 1, edge, "")


def test_split_is_drawn_from_the_seed_and_keeps_its_share():
    definition = one("split", ("a", "b"), share=30)
    edges = []
    for seed in range(1000):
        room = Room(definition, state=State(seed=seed))
        room.start()
        edges.append(room.path[0][1])
        if seed < 50:
            again = Room(definition, state=State(seed=seed))
            again.start()
            assert again.log == room.log
    assert 250 < edges.count("a") < 350


def test_split_in_a_loop_is_drawn_anew():
    definition = workflow("n", n=("split", {"a": "n", "b": "n"}, {}))
    room = Room(definition, state=State(seed=7))
    room.start()
    assert {edge for _node, edge in room.path} == {"a", "b"}


def test_fixed_value_is_saved_as_a_template():
    definition = one("set_field", ("next", "invalid"), field="note", value="{name}")
    room = Room(definition)
    assert room.start()[0] == Save("note", "{name}", fill=True)
    assert not Save("note", "{name}", fill=True).empties
    assert Save("note", " ", fill=True).empties
    assert not Save("note", "").empties
    assert room.log[0] == ("n", 1, "next", "")


def test_value_that_the_field_refuses_has_a_way_of_its_own():
    definition = one("set_field", ("next", "invalid"), field="note", value="x")
    room = Room(definition, answers={Save: Performed("invalid", "text_long")})
    room.start()
    assert room.log[0] == ("n", 1, "invalid", "text_long")


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("add_tag", {"tag": 4}),
        ("remove_tag", {"tag": 4}),
        ("add_to_segment", {"segment": 4}),
        ("remove_from_segment", {"segment": 4}),
        ("create_task", {"summary": "Call", "days": 2}),
        ("hand_over", {"note": "Please"}),
        ("webhook", {"url": "https://example.com", "fields": ["phone"]}),
    ],
)
def test_other_nodes_act_with_all_their_settings_and_go_on(kind, settings):
    room = Room(one(kind, **settings))
    act = room.start()[0]
    assert isinstance(act, Act)
    assert act.kind == kind
    assert settings.items() <= act.config.items()
    if kind == "create_task":
        assert act.config == {
            "summary": "Call",
            "note": None,
            "activity_type": None,
            "days": 2,
            "user": None,
        }
    assert room.log[0] == ("n", 1, "next", "")


def test_edge_that_a_node_does_not_have_is_its_usual_one():
    definition = one("add_tag", tag=1)
    room = Room(definition, answers={Act: Performed("wrong", "no_right")})
    room.start()
    assert room.log[0] == ("n", 1, "next", "no_right")


def test_loop_without_a_wait_fails_at_the_limit():
    room = Room(workflow("a", a=("add_tag", {"next": "a"}, {"tag": 1})))
    room.start()
    assert len(room.log) == MAX_BURST
    assert room.log[-1] == ("a", MAX_BURST, "next", "")
    state = room.state
    assert (state.status, state.outcome, state.reason) == ("failed", "limit", "burst")


def test_loop_with_a_wait_fails_when_it_has_gone_on_for_too_long():
    room = Room(workflow("a", a=("delay", {"next": "a"}, {})))
    room.start()
    while not room.state.ended:
        room.happens(TimerDue(), room.state.due_at)
    assert [visit for _n, visit, _e, _r in room.log] == list(range(1, MAX_STEPS + 1))
    state = room.state
    assert (state.status, state.outcome, state.reason) == ("failed", "limit", "steps")


def test_wait_begins_a_new_burst():
    definition = workflow(
        "a", a=("add_tag", {"next": "b"}, {"tag": 1}), b=("delay", {"next": "a"}, {})
    )
    room = Room(definition)
    room.start()
    for _turn in range(MAX_BURST):
        room.happens(TimerDue(), room.state.due_at)
    assert room.state.status == "waiting"
    assert room.state.visits == {"a": MAX_BURST + 1, "b": MAX_BURST + 1}


NOISE = [
    Started(),
    Performed("next"),
    TimerDue(),
    Asked(True),
    Asked(False, "blocked"),
    Answered("hello"),
    TakenOver(),
]


@pytest.mark.parametrize("event", [*NOISE, Stopped("by_hand")], ids=str)
@pytest.mark.parametrize("status", ["done", "stopped", "failed"])
def test_nothing_happens_to_a_run_that_has_ended(event, status):
    state = State(status=status, node="n", visit=1, edge="next")
    found = step(one("send", **HI), state, event, NOW, TEHRAN)
    assert found == (state, ())
    assert found[0] is state


@pytest.mark.parametrize("event", NOISE, ids=str)
def test_delay_lets_nothing_disturb_it(event):
    room = Room(one("delay"))
    room.start()
    waiting = room.state
    assert room.happens(event) == []
    assert room.state is waiting


@pytest.mark.parametrize(
    "event", [each for each in NOISE if not isinstance(each, Started | TimerDue)]
)
def test_run_begins_only_when_it_is_started(event):
    state = State()
    assert step(one("send", **HI), state, event, NOW, TEHRAN) == (state, ())


def test_timer_begins_and_continues_a_run_that_was_left_alone():
    definition = workflow("a", a=("send", {"next": "b"}, HI), b=("send", {}, HI))
    state, commands = step(definition, State(), TimerDue(), NOW, TEHRAN)
    assert (state.node, len(commands)) == ("a", 1)
    state, _none = step(definition, state, Performed(), NOW, TEHRAN)
    assert (state.status, state.node, state.edge) == ("running", "a", "next")
    state, commands = step(definition, state, TimerDue(), NOW, TEHRAN)
    assert (state.node, state.edge, len(commands)) == ("b", "", 1)


def test_stop_ends_a_wait_and_says_why():
    room = Room(one("delay"))
    room.start()
    assert room.happens(Stopped("erased")) == []
    assert room.log == [("n", 1, "stopped", "erased")]
    state = room.state
    assert (state.status, state.outcome, state.due_at) == ("stopped", "erased", None)


def test_stop_before_the_start_or_between_nodes_leaves_no_node():
    definition = workflow("a", a=("send", {"next": "b"}, HI), b=("send", {}, HI))
    state, _none = step(definition, State(), Stopped("limit"), NOW, TEHRAN)
    assert (state.status, state.outcome, state.edge) == ("stopped", "limit", "")
    state, _sent = step(definition, State(), Started(), NOW, TEHRAN)
    state, _none = step(definition, state, Performed(), NOW, TEHRAN)
    state, _none = step(definition, state, Stopped("left"), NOW, TEHRAN)
    assert (state.status, state.outcome, state.edge) == ("stopped", "left", "")


def test_node_that_is_gone_from_the_definition_fails_the_run():
    definition = one("delay")
    room = Room(definition)
    room.start()
    del definition["nodes"]["n"]
    room.happens(TimerDue(), room.state.due_at)
    assert (room.state.status, room.state.outcome) == ("failed", "unknown_node")


def test_kind_that_nobody_knows_fails_the_run():
    room = Room(workflow("n", n=("dance", {}, {})))
    room.start()
    assert (room.state.status, room.state.outcome) == ("failed", "unknown_node")


def test_zone_that_nobody_knows_is_an_error():
    room = Room(one("delay"), Surroundings(zone="Atlantic/Atlantis"))
    with pytest.raises(KeyError, match="Atlantis"):
        room.start()


def test_state_is_small_json_and_survives_other_versions():
    assert State().as_json() == {}
    assert State.from_json(None) == State.from_json({}) == State()
    assert State.from_json({"node": "n", "from_the_future": 1}) == State(node="n")
    due = State(due_at=NOW, status="waiting").as_json()
    assert due == {"status": "waiting", "due_at": "2026-03-02T10:00:00"}
