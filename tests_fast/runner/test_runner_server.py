"""server.py: what a look at Odoo finds, whatever answers."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from runner import server as server_module
from runner.failure import RunnerError
from runner.server import Server


def looking_at(url):
    home = SimpleNamespace(logs=Path("/nonexistent"))
    return Server(SimpleNamespace(home=home), Path("/nonexistent/conf"), url)


@contextmanager
def answering(status, body):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as stub:
        threading.Thread(target=stub.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{stub.server_port}"
        finally:
            stub.shutdown()


def test_a_healthy_answer_is_read():
    state = {"status": "ok", "database": True, "heartbeat": 12.5}
    with answering(200, json.dumps(state).encode()) as url:
        look = looking_at(url).look()
    assert (look.answered, look.well, look.database) == (True, True, True)
    assert look.beat_age == 12.5


def test_the_body_of_a_503_is_read_too():
    state = {"status": "degraded", "database": False, "heartbeat": None}
    with answering(503, json.dumps(state).encode()) as url:
        look = looking_at(url).look()
    assert (look.answered, look.well, look.database) == (True, False, False)
    assert look.beat_age is None


@pytest.mark.parametrize("status", [404, 500])
def test_an_error_page_is_an_answer_that_says_nothing(status):
    with answering(status, b"<h1>Oops</h1>") as url:
        look = looking_at(url).look()
    assert (look.answered, look.well, look.database) == (True, False, False)


def test_nobody_there_is_no_answer():
    with answering(200, b"") as url:
        pass
    assert not looking_at(url).look().answered


class FakePostgres:
    """A server of which the test says how it is: a pid, or an error."""

    def __init__(self, *pids):
        self.pids = list(pids)

    def pid(self):
        return self.pids[0]

    def revive(self):
        pid = self.pids[0]
        if isinstance(pid, RunnerError):
            raise pid
        if pid is None:
            self.pids.pop(0)
        return pid is None


def watching(postgres, started_with):
    server = looking_at("http://127.0.0.1:9")
    server.installation.postgres = postgres
    server.postgres_pid = started_with
    return server


def test_odoo_starts_anew_when_postgres_was_brought_back():
    assert "is back" in watching(FakePostgres(None, 8), 7)._postgres_trouble()


def test_odoo_starts_anew_when_another_command_brought_postgres_back():
    assert "started anew" in watching(FakePostgres(8), 7)._postgres_trouble()


def test_odoo_is_left_alone_while_postgres_lives():
    assert watching(FakePostgres(7), 7)._postgres_trouble() is None


def test_odoo_waits_for_a_postgres_that_cannot_start(monkeypatch, capsys):
    slept = []
    monkeypatch.setattr(server_module.time, "sleep", slept.append)
    broken = RunnerError("PostgreSQL did not start", "The disk is full.")
    server = watching(FakePostgres(7), 7)
    answers = iter([broken, broken, broken, [["1"]]])

    def ask(_sql):
        answer = next(answers)
        if isinstance(answer, RunnerError):
            raise answer
        return answer

    server.installation.databases = SimpleNamespace(ask=ask)
    server._wait_for_postgres()
    assert slept == [1, 2, 5]
    assert capsys.readouterr().out.count("did not start") == 1


def test_a_silent_server_costs_a_look_only_seconds(monkeypatch):
    monkeypatch.setattr(server_module, "_ANSWER_SECONDS", 0.2)
    began = time.monotonic()
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as deaf:
        url = f"http://127.0.0.1:{deaf.server_port}"  # accepts, never answers
        assert not looking_at(url).look().answered
    assert time.monotonic() - began < 5
