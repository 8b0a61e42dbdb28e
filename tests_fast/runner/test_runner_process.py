"""process.py: children are stopped, outputs are kept."""

import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from runner import process
from runner.failure import RunnerError

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('up', flush=True); time.sleep(60)"
)


def started(command):
    child = process.start(command, output=subprocess.PIPE)
    assert child.stdout.readline() == b"up\n"
    return child


def is_alive(group):
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                return True
    return False


def test_a_child_ends_at_the_first_signal():
    child = started(SLEEPER)
    process.stop(child)
    assert child.returncode == -signal.SIGTERM


def test_a_deaf_child_is_killed():
    child = started([sys.executable, "-c", DEAF])
    process.stop(child, seconds=0.2)
    assert child.returncode == -signal.SIGKILL


def test_grandchildren_end_as_well():
    inner = f"import subprocess; subprocess.Popen({SLEEPER!r}).wait()"
    child = started([sys.executable, "-c", inner])
    process.stop(child)
    deadline = time.monotonic() + 5
    while is_alive(child.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(child.pid)


def test_a_failed_command_shows_its_last_lines(tmp_path):
    command = [sys.executable, "-c", "print('why'); raise SystemExit(3)"]
    with pytest.raises(RunnerError, match=r"Building failed \(exit code 3\):\n +why"):
        process.run_logged(command, tmp_path / "log", what="Building")
    assert "why" in (tmp_path / "log").read_text(encoding="utf-8")


def test_lines_arrive_in_order_and_bad_bytes_do_not_matter():
    lines = []
    code = "import sys; sys.stdout.buffer.write(b'a\\n\\xff\\nb')"
    command = [sys.executable, "-c", code]
    assert process.follow(command, on_line=lines.append) == 0
    assert lines == ["a", "�", "b"]
