"""The test lanes of `./run test`: each runs its tests and returns its counts."""

import contextlib
import os
import time

from . import addon, odoo, plan, process
from .failure import RunnerError
from .process import announce, follow, say
from .report import Counts, OdooLog, closing_counts, junit_counts
from .templates import depends_template, scratch_database, sources_template

_KEPT_LOGS = 40


def run_tests(installation, words, *, verbose=False):
    """Run what was asked for and print the closing line.

    :param Installation installation: where
    :param words: lanes, rooms and files; none means everything
    :param bool verbose: show all of Odoo's output
    :returns: exit code (int)
    """
    selection = _select(installation, words)
    counts = Counts()
    for lanes, beside in plan.side_by_side(selection.lanes):
        with _started(installation, beside) as ended:
            for lane in lanes:
                counts += _timed(lane, installation, (), verbose)
            counts += ended()
    for lane, files in _files_by_lane(selection.files):
        counts += _timed(lane, installation, files, verbose)
    if not counts.ran:
        say("No test ran: that is a failure.")
    say(counts.line())
    return 1 if counts.failed or not counts.ran else 0


def _select(installation, words):
    checkout = installation.checkout

    def is_file(word):
        for base in (os.getcwd(), str(checkout)):
            path = os.path.join(base, word)
            if os.path.exists(path):
                relative = os.path.relpath(os.path.realpath(path), checkout)
                return None if relative.startswith("..") else relative
        return None

    try:
        return plan.select_tests(words, addon.test_rooms(checkout), is_file)
    except ValueError as error:
        raise RunnerError(str(error)) from error


def _files_by_lane(files):
    """Files of tests/ run as both Odoo lanes, since a file may hold both kinds.

    Those of lanes with other needs stand in folders of these lanes.
    """
    groups = {"fast": [], "lifecycle": [], "outside": [], "sources": [], "odoo": []}
    folders = {"tests_fast": "fast"}
    folders |= {f"tests/{lane}": lane for lane in ("lifecycle", "outside", "sources")}
    for path in files:
        lane = next((folders[top] for top in folders if path.startswith(top)), "odoo")
        groups[lane].append(path)
    return [(lane, tuple(found)) for lane, found in groups.items() if found]


@contextlib.contextmanager
def _started(installation, lanes):
    """Other lanes in a process of their own, for as long as the block.

    :returns: function that waits for their end, shows what they said and counts them
    """
    if not lanes:
        yield Counts
        return
    installation.home.prepare(installation.checkout)  # it may be the first command
    path = installation.home.logs / f"lanes-{os.getpid()}.log"
    command = [installation.checkout / "run", "test", *lanes]
    command += installation.settings.options()
    announce([*command, "&"])
    with open(path, "wb") as log:
        other = process.start(command, output=log)

    def ended():
        code = other.wait()
        text = path.read_text("utf-8", "replace")
        say(text.rstrip())
        counts = closing_counts(text)
        return counts + Counts(failed=int(bool(code) and not counts.failed))

    try:
        yield ended
    finally:
        process.stop(other)
        path.unlink(missing_ok=True)


def _timed(lane, installation, files, verbose):
    began = time.monotonic()
    say(f"== {lane} {' '.join(files)}".rstrip())
    counts = LANES[lane](installation, files, verbose)
    say(f"== {lane}: {counts.line()} ({time.monotonic() - began:.0f} s)")
    return counts


# -- pytest ------------------------------------------------------------------------


def _fast(installation, files, _verbose):
    installation.provision.bring_up("dev")
    return _pytest(installation, "tests_fast", files, dict(os.environ))


def _served(installation, folder, files):
    """Tests of running products, which they start by `./run` themselves."""
    with installation.up("dev", "browser"):
        env = installation.environment()
        env["MINI_CRM_RUN"] = str(installation.checkout / "run")
        return _pytest(installation, folder, files, env)


def _lifecycle(installation, files, _verbose):
    return _served(installation, "tests/lifecycle", files)


def _outside(installation, files, _verbose):
    return _served(installation, "tests/outside", files)


def _pytest(installation, folder, files, env):
    """Run pytest with the settings in a folder of its own.

    The repo root cannot be pytest's: its __init__.py imports Odoo.
    """
    home, root = installation.home, installation.checkout / folder
    junit = home.temporary / f"junit-{os.getpid()}.xml"
    env.pop("PYTHONPATH", None)
    env["PYTHONPYCACHEPREFIX"] = str(home.root / "pycache")
    env["HYPOTHESIS_STORAGE_DIRECTORY"] = str(home.root / "hypothesis")
    command = [home.dev_python, "-m", "pytest", "-c", root / "pytest.ini"]
    command += ["--rootdir", root, "-p", "no:cacheprovider", "-q", "--tb=short"]
    command += [f"--junitxml={junit}", "--color=no"]
    command += [installation.checkout / file for file in files] or [root]
    announce(command)
    try:
        code = follow(command, on_line=say, env=env, cwd=root)
        counts = junit_counts(junit.read_text("utf-8")) if junit.exists() else Counts()
    finally:
        junit.unlink(missing_ok=True)
    return counts if code in (0, 1, 5) else counts + Counts(failed=1)


# -- Odoo --------------------------------------------------------------------------


def _odoo(installation, files, verbose):
    """The add-on's tests on a fresh installation; a whole lane also runs Odoo's own."""
    tags = plan.test_tags("odoo", files)
    with (
        installation.up("dev", "browser"),
        scratch_database(installation, depends_template(installation)) as db,
    ):
        report = _odoo_tests(installation, db, tags, verbose, install=["mini_crm"])
        counts = report.counts()
        if not files:
            counts += _odoo_own(installation, db, verbose)
    return counts


def _browser(installation, files, verbose):
    return _installed(installation, depends_template, "browser", files, verbose)


def _sources(installation, files, verbose):
    return _installed(installation, sources_template, "sources", files, verbose)


def _installed(installation, template, lane, files, verbose):
    """A lane on a fresh installation of the add-on in a clone of a template."""
    tags = plan.test_tags(lane, files)
    with (
        installation.up("dev", "browser"),
        scratch_database(installation, template(installation)) as db,
    ):
        report = _odoo_tests(installation, db, tags, verbose, install=["mini_crm"])
    return report.counts()


def _odoo_tests(installation, db, tags, verbose, *, install=(), update=(), retries=0):
    """Run Odoo's test runner and read what it says.

    :param int retries: how often Odoo may repeat a failed test
    :returns: OdooLog
    """
    command = odoo.test_command(
        installation.home, db, tags, install=install, update=update
    )
    announce(command)
    report = OdooLog()
    path = installation.home.logs / f"test-{db}.log"
    _forget_old_logs(installation.home.logs)
    with open(path, "a", encoding="utf-8") as log:
        shown = False

        def on_line(line):
            nonlocal shown
            log.write(line + "\n")
            wanted = report.read(line)
            shown = shown if wanted is None else wanted
            if verbose or shown:
                say(line)

        again = {"ODOO_TEST_FAILURE_RETRIES": str(retries)}
        report.exit_code = installation.follow_odoo(db, command, on_line, **again)
    for complaint in report.complaints:
        say(f"COMPLAINT {complaint}")
    for test, reason in report.skipped.items():
        say(f"SKIPPED {test}: {reason}")
    say(f"Log: {path}")
    return report


def _forget_old_logs(folder):
    logs = sorted(folder.glob("test-*.log"), key=os.path.getmtime)
    for old in logs[:-_KEPT_LOGS]:
        old.unlink(missing_ok=True)


def _odoo_own(installation, db, verbose):
    """Odoo's own tests of contacts, on the database that has the add-on.

    Fewer than expected is a failure as well: they must not vanish unnoticed. A failed
    one is repeated once: its tours click through reloads and at times lose the race.
    """
    say("-- Odoo's own tests, with the add-on installed")
    report = _odoo_tests(installation, db, plan.OWN_TESTS, verbose, retries=1)
    early = _odoo_tests(installation, db, plan.OWN_TEST_EARLY, verbose, update=["base"])
    ran = len(report.started) + len(early.started)
    expected = plan.OWN_TESTS_EXPECTED
    if ran != expected:
        say(f"{ran} of Odoo's own tests ran, {expected} expected.")
    return report.counts() + early.counts() + Counts(failed=abs(expected - ran))


LANES = {
    "fast": _fast,
    "odoo": _odoo,
    "sources": _sources,
    "browser": _browser,
    "lifecycle": _lifecycle,
    "outside": _outside,
}
