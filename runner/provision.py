"""Set-up: named steps, each done once per state of its inputs and safe to interrupt.

A step leaves a mark with the key of its inputs when, and only when, it is finished. So
a set-up that was killed anywhere goes on at the step it was killed in.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from . import chromium, node, odoo, venv
from .debian import Debian
from .failure import RunnerError
from .plan import digest, pending
from .postgres import ExternalPostgres, Postgres
from .process import say


@dataclass(frozen=True)
class Step:
    """One part of the set-up.

    `name` is the file name of its mark, `label` what people read, `key` a hash of its
    inputs, `make` does it. `optional` says what is lost if it cannot be done.
    """

    name: str
    label: str
    key: str
    make: Callable
    optional: str = ""


class Provision:
    """Brings one home to the state that a command needs.

    :param Home home: where
    :param Path checkout: the add-on
    :param odoo_path: Path given by --odoo, or None
    :param bool external: PostgreSQL is somebody else's
    """

    def __init__(self, home, checkout, *, odoo_path=None, external=False):
        self.home = home
        self.checkout = checkout
        self.odoo_path = odoo_path
        self.external = external
        self.log = home.logs / "setup.log"
        self.debian = Debian(home.debian, self.log)

    def bring_up(self, *extra):
        """Do what is still to be done.

        :param extra: "dev" for tests' packages, "browser" for Chromium, "lint"
        :raises RunnerError: when a step that is not optional fails
        """
        self.home.prepare(self.checkout)
        with self.home.lock("setup", waiting=_say_waiting):
            steps = self._steps(extra)
            keys = {step.name: step.key for step in steps}
            todo = pending(keys, self._marks(keys))
            if todo:
                self.home.require_space()
                say(f"Setting up {self.home.root} (once; details in {self.log})")
            for number, step in enumerate(steps, 1):
                if step.name in todo:
                    self._do(step, f"[{number}/{len(steps)}]")

    def _marks(self, names):
        files = {name: self.home.marks / name for name in names}
        return {n: f.read_text("utf-8") for n, f in files.items() if f.exists()}

    def _do(self, step, place):
        print(f"{place} {step.label} ...", end="", flush=True)
        began = time.monotonic()
        mark = self.home.marks / step.name
        mark.unlink(missing_ok=True)
        try:
            step.make()
        except RunnerError as error:
            say(" failed")
            if not step.optional:
                raise
            say(f"WARNING: {step.optional}\n  {error}")
            return
        fresh = mark.with_name(f".{mark.name}")
        fresh.write_text(step.key, encoding="utf-8")
        fresh.replace(mark)
        say(f" {time.monotonic() - began:.0f} s")

    def _steps(self, extra):
        home, log = self.home, self.log
        python = digest(venv.python_identity(), venv.REQUIREMENTS.read_text())
        source = odoo.find_source(self.odoo_path)
        steps = [
            Step(
                "python",
                "Python packages (140 MB)",
                python,
                lambda: venv.build_product(home, self.debian, log),
            )
        ]
        if source is None:
            packages = digest(odoo.PACKAGES, odoo.LEFT_OUT)
            fetch = lambda: odoo.fetch(home, self.debian)  # noqa: E731
            steps.append(Step("odoo", "Odoo 19 (123 MB)", packages, fetch))
        key = digest(python, source)
        connect = lambda: odoo.connect(home, source)  # noqa: E731
        steps.append(Step("odoo-path", "Odoo on Python's path", key, connect))
        steps.append(self._node_step("rtlcss", node.PRODUCT, home.node))
        if not self.external:
            create = lambda: Postgres(home).create(log)  # noqa: E731
            steps.append(Step("postgres", "PostgreSQL's data folder", "1", create))
        return steps + self._extra_steps(extra, python)

    def _node_step(self, name, source, target):
        lock = digest((source / "package-lock.json").read_text(encoding="utf-8"))
        label = {"rtlcss": "rtlcss for right-to-left pages"}.get(name, name)
        lost = "Persian pages will run left to right." if name == "rtlcss" else ""
        install = lambda: node.install(self.home, source, target, self.log)  # noqa: E731
        return Step(name, label, lock, install, optional=lost)

    def _extra_steps(self, extra, python):
        home, log, steps = self.home, self.log, []
        if "dev" in extra or "lint" in extra:
            key = digest(python, venv.RECIPE, venv.REQUIREMENTS_DEV.read_text())
            build = lambda: venv.build_dev(home, self.debian, log)  # noqa: E731
            steps.append(Step("python-dev", "Test and lint packages", key, build))
        if "browser" in extra and not chromium.on_path():
            fetch = lambda: chromium.fetch(home, self.debian)  # noqa: E731
            steps.append(Step("chromium", "Chromium (120 MB)", "2", fetch))
        if "lint" in extra:
            steps.append(self._node_step("lint tools", node.LINT, home.lint_tools))
        return steps

    def postgres(self, host=None, port=None, user=None):
        """The PostgreSQL to work with: ours, or the one that options name."""
        if self.external:
            return ExternalPostgres(self.home, host, port, user)
        return Postgres(self.home)


def _say_waiting():
    say("Another command is setting up this home; waiting for it.")
