"""A running product seen from outside: what every test of tests/outside works with.

Only the command line, HTTP, RPC and SQL reads are used, as a shop or another program
would; nothing is imported from the product. Standard library only.

    with Product(home, "outside") as product:
        product.import_file("customers.csv", "customers")
        product.drain()
        product.sql("SELECT count(*) FROM mini_crm_profile")
"""

import base64
import contextlib
import http.client
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from contract_bulk import Bulk
from contract_channels import Channels
from contract_duplicates import Duplicates
from contract_export import Exports
from contract_merging import Merging
from contract_processes import command_line, descendants, free_port, keep_down, psql_of
from contract_rpc import ContractError, Rpc, RpcError, call_api
from contract_work import AT_WORK
from contract_workflows import Workflows

__all__ = ["ContractError", "Product", "RpcError"]

RUN = os.environ.get("MINI_CRM_RUN") or str(Path(__file__).resolve().parents[1] / "run")
READY_LINE = "Mini CRM is ready"
START_SECONDS = 600  # the first start of a home fetches everything
_MARK = "@@"


class Product(Bulk, Channels, Duplicates, Exports, Merging, Workflows):
    """One served shop; a context manager that starts and stops it.

    :param home: the home folder of the runner (``--home``)
    :param str db: database; made at the first start
    :param int workers: worker processes; 0 is one process with threads
    :param int port: HTTP port; default a free one
    :param options: further options of every command, such as ``--db-host``
    """

    def __init__(self, home, db, workers=0, *, port=None, options=()):
        self.home = Path(home)
        self.db = db
        self.workers = workers
        self.options = [str(option) for option in options]
        self.port = port or free_port()
        self.process = None
        self.log = self.home / "logs" / f"contract-{db}-{self.port}.log"
        self.started_in = None
        self._rpc = Rpc(self.url, db, self._first_password)
        self._accounts, self._paths = {}, {}

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.stop()

    # Life and death

    @property
    def url(self):
        """Address of the product (str)."""
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        """Serve, or wait for the runner to serve again; seconds in ``started_in``."""
        began = time.monotonic()
        if not self._running():
            self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            options = ["--workers", str(self.workers)] if self.workers else []
            self._mark = self.log.stat().st_size if self.log.exists() else 0
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen(
                    [
                        *self._command("serve"),
                        "--no-demo",
                        "--port",
                        str(self.port),
                        *options,
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        self._wait_until_ready(began)
        self.started_in = time.monotonic() - began

    def stop(self):
        """Stop as a person would, with Ctrl-C.

        :raises ContractError: when the product does not end within a minute
        """
        if not self._running():
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired as error:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise ContractError("The product did not stop within 60 s.") from error
        finally:
            self.process = None

    def kill(self):
        """SIGKILL the whole Odoo process group; the runner is left to cope.

        :return: ids of the groups killed
        """
        groups = {
            os.getpgid(pid)
            for pid in descendants(self.process.pid)
            if "odoo" in command_line(pid) and "postgres" not in command_line(pid)
        } - {os.getpgid(self.process.pid)}
        if not groups:
            raise ContractError("There is no Odoo process to kill.")
        for group in groups:
            os.killpg(group, signal.SIGKILL)
        return sorted(groups)

    def kill_postgres(self):
        """SIGKILL PostgreSQL's postmaster."""
        pid_file = next(self.home.glob("postgres/**/postmaster.pid"), None)
        if not pid_file:
            raise ContractError(f"No postmaster.pid below {self.home}/postgres.")
        pid = int(pid_file.read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        return pid

    def kill_all(self):
        """SIGKILL the runner and Odoo, as if the machine had gone."""
        runner, self.process = self.process, None
        below = descendants(runner.pid)
        os.kill(runner.pid, signal.SIGKILL)
        for pid in below:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        runner.wait()

    def outage(self, seconds, mode="fast"):
        """Stop PostgreSQL and keep it down, against the runner's will.

        :param float seconds: how long; returns when they are over
        :param str mode: ``fast`` or ``immediate``, as for ``pg_ctl stop``
        """
        keep_down(self.home, seconds, mode)

    def wait_until_healthy(self, seconds=90, *, beat_within=None):
        """Wait for HTTP, database and scheduled jobs: seconds it took (float).

        :param float seconds: patience
        :param float beat_within: the last heartbeat must be younger than the waiting
            and so many seconds before it; default: any that is fresh
        """
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            state = self.health()
            waited = time.monotonic() - began
            if state.get("status") == "ok" and (
                beat_within is None or state["heartbeat"] < waited + beat_within
            ):
                return waited
            time.sleep(0.2)
        raise ContractError(f"Not healthy after {seconds} s: {state}\n{self.tail()}")

    def health(self):
        """What the health address says (dict); empty when nothing answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/mini_crm/health", timeout=10) as r:
                return json.load(r)
        except urllib.error.HTTPError as error:
            with error, contextlib.suppress(ValueError):
                return json.load(error)
        except (OSError, ValueError, http.client.HTTPException):
            pass
        return {}

    def tail(self, lines=15):
        """The last lines that the runner said (str)."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    # Reading and calling

    def sql(self, query):
        """Read from the database.

        :param str query: one SELECT
        :return: list of dict, values as in JSON
        """
        script = (  # always read only, whatever the query says
            f"BEGIN READ ONLY;\nSELECT '{_MARK}' ||"
            f" coalesce(jsonb_agg(to_jsonb(q))::text, '[]') FROM (\n{query}\n) q;\n"
            "ROLLBACK;"
        )
        options = ("-XqAtw", "-v", "ON_ERROR_STOP=1")
        done = None if self.options else psql_of(self.home, self.db, options, script)
        if done is None:
            done = self.run("psql", *options, stdin=script)
        for line in done.stdout.splitlines():
            if line.startswith(_MARK):
                return json.loads(line[len(_MARK) :])
        raise ContractError(f"{query}\n{done.stdout}\n{done.stderr}")

    def run(self, command, *arguments, stdin=None, seconds=600):
        """Run one of the product's commands: subprocess.CompletedProcess with text."""
        return subprocess.run(
            [*self._command(command), *arguments],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
            check=False,
        )

    def rpc(self, role, model, method, *args, **kwargs):
        """Call a method as the web client does, as a user of a role.

        :param str role: agent, manager, admin or portal; the user is made when needed
        :return: the result, as JSON
        :raises RpcError: when the product refuses
        """
        return self._rpc.call(role, model, method, args, kwargs)

    def api(self, role, method, path, json=None, *, headers=None):
        """Call the API with a key of the user of a role.

        :param str role: agent, manager or admin; the user and his key are made when
            needed; ``None`` for no key
        :param str path: below ``/mini_crm/api/v1``
        :param json: body, as JSON takes it
        :return: (status, answer as JSON)
        """
        key = self.api_key(role) if role else None
        return call_api(self.url, key, method, path, json, headers)

    def api_key(self, role):
        """The API key of a role (str)."""
        return self._rpc.key(role)

    def log_in(self, login, password):
        """Log in: the session cookie (str).

        :raises RpcError: when the product refuses
        """
        return self._rpc.log_in(login, password)

    def call_with(self, session, model, method, *args, **kwargs):
        """Call a method with a session cookie of `log_in`; see `rpc`."""
        return self._rpc.call_with(session, model, method, args, kwargs)

    def forget_session(self, role):
        """Have the next call as a role log in again."""
        self._rpc.forget_session(role)

    def share_users(self, other):
        """Use the users that another product on the same database has made."""
        self._rpc.share_users(other._rpc)

    # Import

    def import_file(self, path, kind, mapping=None, key=None):
        """Import a CSV file as a manager; what is not given is guessed.

        :param path: the file
        :param str kind: ``customers`` or ``purchases``
        :param dict mapping: column of the file -> field, over what is guessed
        :param str key: column of the file that holds the customer's key
        :return: id of the batch; `wait` for it
        """
        path = Path(path)
        content = base64.b64encode(path.read_bytes()).decode()
        arguments = (kind, content, path.name, mapping, key)
        return self.rpc("manager", "mini_crm.batch", "start_import", *arguments)

    def recalculate(self):
        """Count and score every customer anew, all at one time: id of the batch."""
        return self.rpc("manager", "mini_crm.batch", "start_recalculation")

    # Segments and tags

    def segment(self, domain, name=None):
        """Make a segment as a manager: its id; `drain` waits until it is built.

        :param domain: condition on customers, text or list
        """
        values = {"name": name or f"Segment {domain}"[:60], "domain": str(domain)}
        return self.rpc("manager", "mini_crm.segment", "create", [values])[0]

    def tag_rule(self, domain, tag):
        """Make a tag rule as a manager: its id; see `segment`.

        :param str tag: name of the tag, which is made
        """
        category = self.rpc(
            "manager", "res.partner.category", "create", [{"name": tag}]
        )
        values = {"name": tag, "domain": str(domain), "category_id": category[0]}
        return self.rpc("manager", "mini_crm.tag.rule", "create", [values])[0]

    def members(self, segment):
        """Ids of the customers in a segment (set)."""
        rows = self.sql(
            f"""SELECT partner_id FROM mini_crm_segment_member
            WHERE segment_id = {int(segment)}"""
        )
        return {row["partner_id"] for row in rows}

    def tagged(self, rule):
        """Ids of the customers who carry the tag of a rule (set)."""
        rows = self.sql(
            f"""SELECT g.partner_id FROM res_partner_res_partner_category_rel g
            JOIN mini_crm_tag_rule r ON r.category_id = g.category_id
            WHERE r.id = {int(rule)}"""
        )
        return {row["partner_id"] for row in rows}

    def wait(self, batch, seconds=600):
        """Wait until a batch has ended.

        :return: dict, see `batch`
        """
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            row = self.batch(batch)
            if row["state"] in ("done", "failed", "cancelled", "undone"):
                return row
            time.sleep(0.5)
        raise ContractError(f"Batch {batch} has not ended after {seconds} s: {row}")

    def batch(self, batch):
        """Where a batch is (dict: state, total, done, failed, created, ..., error)."""
        (row,) = self.sql(
            f"""SELECT state, total, done, failed, created, updated, unchanged, skipped,
                restored, kept, started_at, finished_at, error
            FROM mini_crm_batch WHERE id = {int(batch)}"""
        )
        return row

    def drain(self, seconds=300):
        """Wait until no batch runs, no segment or tag rule waits to be built,
        everything that follows from events is done, no run of a workflow is due, all is
        read that providers have delivered, and sent that need not wait for more than a
        minute.

        :return: seconds it took (float)
        """
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            (row,) = self.sql(AT_WORK)
            if not any(row.values()):
                return time.monotonic() - began
            time.sleep(0.5)
        raise ContractError(f"Still at work after {seconds} s: {row}")

    # Within

    def _command(self, command):
        home = ["--home", str(self.home), "--db", self.db]
        return [RUN, command, *home, *self.options]

    def _running(self):
        return self.process is not None and self.process.poll() is None

    def _wait_until_ready(self, began):
        while READY_LINE not in self._said():
            if not self._running():
                raise ContractError(f"The product ended:\n{self.tail()}")
            if time.monotonic() - began > START_SECONDS:
                raise ContractError(
                    f"Not ready after {START_SECONDS} s:\n{self.tail()}"
                )
            time.sleep(0.1)
        self.wait_until_healthy()

    def _said(self):
        with open(self.log, "rb") as log:
            log.seek(self._mark)
            return log.read().decode(errors="replace")

    def _first_password(self):
        return (self.home / f"admin-password-{self.db}").read_text().strip()
