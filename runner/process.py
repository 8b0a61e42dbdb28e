"""Starting and stopping other programs.

Every program we do not hand the terminal to gets a process group of its own, so that
stopping it takes its children along. Every command is printed before it starts.
"""

import contextlib
import ctypes
import os
import shlex
import signal
import subprocess
import sys

from .failure import RunnerError, Stopped

TERM_SECONDS = 20
_PR_SET_PDEATHSIG = 1


def raise_on_signals():
    """Make SIGTERM, SIGHUP and SIGINT raise Stopped in the main thread."""

    def stop(signum, _frame):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        raise Stopped(signum)

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, stop)


def _die_with_parent():
    """In the child: let the kernel send SIGTERM if the runner is killed outright."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def say(text=""):
    """Print a line at once, whatever stdout is."""
    print(text, flush=True)


def announce(command):
    """Print a command the way a person would type it."""
    say("$ " + " ".join(shlex.quote(str(part)) for part in command))


def start(command, *, env=None, cwd=None, source=None, output=None, errors=None):
    """Start a program in a process group of its own.

    :param list command: program and arguments
    :param dict env: whole environment; default ours
    :param Path cwd: working folder
    :param source: file object or subprocess constant for stdin; default nothing
    :param output: file object or subprocess constant for stdout; default ours
    :param errors: the same for stderr; default where stdout goes
    :rtype: subprocess.Popen
    """
    return subprocess.Popen(
        [str(part) for part in command],
        env=env,
        cwd=cwd,
        stdin=source or subprocess.DEVNULL,
        stdout=output,
        stderr=errors or (subprocess.STDOUT if output is not None else None),
        start_new_session=True,
        preexec_fn=_die_with_parent,
    )


def stop(process, *, seconds=TERM_SECONDS):
    """End a program started by `start`: TERM, then KILL, for its whole group.

    :param subprocess.Popen process: it may have ended already
    :param float seconds: patience between the two signals
    """
    _signal_group(process, signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        say(f"Process {process.pid} did not stop in {seconds} s; killing it.")
    _signal_group(process, signal.SIGKILL)
    process.wait()


def _signal_group(process, signum):
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signum)


def follow(command, *, on_line, env=None, cwd=None):
    """Run a program to its end and hand over its output line by line.

    :param list command: program and arguments
    :param on_line: called with each line (str, without the newline)
    :returns: exit code (int)
    """
    process = start(command, env=env, cwd=cwd, output=subprocess.PIPE)
    try:
        for raw in process.stdout:
            on_line(raw.decode("utf-8", "replace").rstrip("\n"))
        return process.wait()
    finally:
        stop(process)


def pipe(writer, reader):
    """Run two programs, the first one's output into the second.

    :returns: whether both ended well (bool)
    """
    first = start(writer, output=subprocess.PIPE, errors=sys.stderr)
    second = start(reader, source=first.stdout)
    first.stdout.close()
    try:
        return not any((second.wait(), first.wait()))
    finally:
        stop(second)
        stop(first)


def run_logged(command, log, *, env=None, cwd=None, what="A command"):
    """Run a program whose output matters only if it fails.

    :param list command: program and arguments
    :param Path log: file the output is appended to
    :raises RunnerError: with the end of the output, when the exit code is not 0
    """
    lines = []
    with open(log, "a", encoding="utf-8") as handle:
        handle.write("$ " + " ".join(map(str, command)) + "\n")

        def keep(line):
            lines.append(line)
            handle.write(line + "\n")

        code = follow(command, on_line=keep, env=env, cwd=cwd)
    if code:
        tail = "\n".join(f"    {line}" for line in lines[-15:])
        raise RunnerError(f"{what} failed (exit code {code}):\n{tail}", f"All: {log}")
    return lines


def run_terminal(command, *, env=None, cwd=None):
    """Run a program that owns the terminal (a shell, psql) and return its exit code.

    It stays in our process group, or it could not read the terminal; Ctrl-C is its own.
    """
    announce(command)
    sys.stdout.flush()
    process = subprocess.Popen(
        [str(part) for part in command],
        env=env,
        cwd=cwd,
        preexec_fn=_die_with_parent,
    )
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return process.wait()
    except Stopped:
        process.terminate()
        try:
            process.wait(TERM_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
    finally:
        signal.signal(signal.SIGINT, previous)
