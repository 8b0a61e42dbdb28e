"""The Odoo process that serves, kept alive without anybody's help."""

import http.client
import json
import time
import urllib.error
import urllib.request

from . import odoo, plan, supervision
from .failure import RunnerError
from .home import rotate, trim
from .process import announce, say, start, stop

TICK_SECONDS = 1  # between two looks at PostgreSQL and the process
_ANSWER_SECONDS = 5
_END_SECONDS = 10  # what is to be started anew may be unable to end by itself

# The heartbeat's job is made due, so that a fresh start proves itself at once.
_MAKE_DUE = """
INSERT INTO ir_cron_trigger (cron_id, call_at)
SELECT d.res_id, now() AT TIME ZONE 'utc' FROM ir_model_data d
WHERE d.module = 'mini_crm' AND d.name = 'ir_cron_mini_crm_heartbeat'
AND NOT EXISTS (SELECT FROM ir_cron_trigger t
    WHERE t.cron_id = d.res_id AND t.call_at <= now() AT TIME ZONE 'utc')
"""


class Server:
    """Odoo, started, looked at and started anew.

    :param Installation installation: where
    :param Path conf: its odoo.conf
    :param str url: where it answers
    """

    def __init__(self, installation, conf, url):
        self.installation = installation
        self.conf = conf
        self.url = url
        self.log = installation.home.logs / "odoo.log"
        self.process = None
        self.postgres_pid = None
        self.watching = supervision.Watch(started=time.monotonic())

    def start(self):
        """Start Odoo; its output goes to the log."""
        command = odoo.command(self.installation.home)
        announce(command)
        self.postgres_pid = self.installation.postgres.pid()
        rotate(self.log)
        with open(self.log, "ab") as output:
            env = self.installation.environment(self.conf)
            home = self.installation.home.root
            self.process = start(command, env=env, cwd=home, output=output)

    def stop(self):
        """Stop Odoo and forget its configuration."""
        if self.process:
            stop(self.process)
        self.conf.unlink(missing_ok=True)

    # -- looking -------------------------------------------------------------------

    def answers(self):
        """Whether Odoo serves HTTP and reaches its database (bool)."""
        status, _body = self._get("/web/health?db_server_status=1")
        return status == 200

    def look(self):
        """What Odoo says of its health: supervision.Look."""
        status, body = self._get("/mini_crm/health")
        at = time.monotonic()
        if status is None:
            return supervision.Look(at)
        try:
            state = json.loads(body)
        except ValueError:
            return supervision.Look(at, answered=True)
        return supervision.Look(
            at,
            answered=True,
            well=state.get("status") == "ok",
            database=bool(state.get("database")),
            beat_age=state.get("heartbeat"),
        )

    def _get(self, path):
        """Status and body of an address; (None, b"") when nothing answers."""
        try:
            with urllib.request.urlopen(
                self.url + path, timeout=_ANSWER_SECONDS
            ) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()
        except (OSError, http.client.HTTPException):
            return None, b""

    # -- keeping alive -------------------------------------------------------------

    def wait_until_ready(self):
        """Wait for the first answer.

        :raises RunnerError: when Odoo ends, or is silent for START_SECONDS
        """
        deadline = time.monotonic() + supervision.START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                tail = self.log.read_text(errors="replace").splitlines()[-15:]
                raise RunnerError(
                    "Odoo did not start:\n    " + "\n    ".join(tail),
                    f"All: {self.log}",
                )
            time.sleep(0.2)

    def watch(self):
        """Start Odoo anew whenever it is needed, until a signal stops us.

        The pauses grow while Odoo does not get well.
        """
        failures = 0
        while True:
            why = self._wait_until_needed()
            now = time.monotonic()
            failures = supervision.failures_after(failures, self.watching, now)
            pause = plan.back_off(failures)
            say(f"{why}; starting Odoo again in {pause} s.")
            stop(self.process, seconds=_END_SECONDS)
            time.sleep(pause)
            self._wait_for_postgres()
            self.watching = supervision.next_watch(self.watching, time.monotonic())
            self.start()

    def _wait_until_needed(self):
        """Look after Odoo and PostgreSQL until Odoo must be started anew.

        :returns: what happened (str)
        """
        next_look = time.monotonic()
        while self.process.poll() is None:
            why = self._postgres_trouble()
            if why:
                return why
            if time.monotonic() >= next_look:
                self.watching = supervision.remember(self.watching, self.look())
                self._trim_logs()
                now = time.monotonic()
                why = supervision.reason_to_restart(self.watching, now)
                if why:
                    return why
                if self.watching.answered and supervision.needs_waking(
                    self.watching, now
                ):
                    self._wake_jobs()
                next_look = now + supervision.look_pause(self.watching, now)
            time.sleep(TICK_SECONDS)
        return f"Odoo ended with exit code {self.process.returncode}"

    def _trim_logs(self):
        for log in (self.log, self.installation.postgres.log):
            if log:
                trim(log)

    def _postgres_trouble(self):
        """Bring PostgreSQL back if it is gone: what happened (str), or None."""
        postgres = self.installation.postgres
        try:
            if postgres.revive():
                return "PostgreSQL was gone and is back"
        except RunnerError as error:
            say(error)
            return "PostgreSQL is gone"
        # Another command may have been quicker to start it.
        if postgres.pid() not in (None, self.postgres_pid):
            return "PostgreSQL was started anew"
        return None

    def _wait_for_postgres(self):
        """Wait until PostgreSQL takes connections, however long: Odoo needs it."""
        failures = 0
        while True:
            try:
                self.installation.postgres.revive()
                self.installation.databases.ask("SELECT 1")
                return
            except RunnerError as error:
                failures += 1
                if failures == 1:
                    say(error)
                time.sleep(plan.back_off(failures))

    def _wake_jobs(self):
        """Have Odoo look for due jobs now: what was interrupted goes on at once."""
        db, databases = self.installation.settings.db, self.installation.databases
        try:
            databases.ask(_MAKE_DUE, db)
            databases.ask(f"SELECT pg_notify('cron_trigger', '{db}')")
        except RunnerError as error:
            say(f"Jobs could not be woken: {error.message}")
