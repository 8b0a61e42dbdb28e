"""giving_way.py: workers wait for those whom a provider waits for, but not for ever."""

import importlib.util
import threading
import time
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "models" / "channel" / "giving_way.py"


@pytest.fixture
def module():
    # the package around it imports Odoo, this module does not
    spec = importlib.util.spec_from_file_location("giving_way", PATH)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def started(function):
    """A thread that runs a function, and whether it has come to its end (Event)."""
    ended = threading.Event()

    def run():
        function()
        ended.set()

    threading.Thread(target=run, daemon=True).start()
    return ended


def test_a_worker_goes_on_when_the_last_answer_is_given(module):
    module.MOST_SECONDS = 60
    with module.answering():
        with module.answering():
            ended = started(module.give_way)
            assert not ended.wait(0.1)
        assert not ended.wait(0.1)
    assert ended.wait(10)


def test_a_worker_does_not_wait_for_ever(module):
    module.MOST_SECONDS = 0.05
    with module.answering():
        assert started(module.give_way).wait(10)


def test_nobody_waits_where_no_provider_does(module):
    module.MOST_SECONDS = 60
    with pytest.raises(OSError), module.answering():
        raise OSError
    began = time.monotonic()
    module.give_way()
    assert time.monotonic() - began < 30
