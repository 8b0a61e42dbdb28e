import ipaddress
import shutil
import threading

import psycopg2

from odoo import http, release
from odoo.http import request
from odoo.modules.module import get_manifest
from odoo.tools import config, consteq

from ..models.platform.mini_crm_heartbeat import GAP_SECONDS

ADMIN = "mini_crm.mini_crm_group_admin"
TOKEN = "mini_crm.health_token"
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded")


class Health(http.Controller):
    @http.route(
        "/mini_crm/health",
        type="http",
        auth="none",
        methods=["GET"],
        save_session=False,
    )
    def health(self):
        """Whether the product lives, as JSON: docs/deployment.md, "Health".

        Anybody learns the status and the age of the heartbeat in seconds; figures and
        versions are for this machine, administrators, and who has the token. Status
        code 200 when all is well, else 503.
        """
        if not request.db:  # Odoo could not reach the database and goes on without
            return _reply({"status": "degraded", "database": False, "heartbeat": None})
        try:
            answer = self._state()
        except psycopg2.OperationalError:
            answer = {"status": "degraded", "database": False, "heartbeat": None}
        return _reply(answer)

    def _state(self):
        health = request.env["mini_crm.health"]
        crons = _cron_threads()
        age = health._heartbeat_age()
        beats = age is not None and age <= GAP_SECONDS
        threads_live = crons is None or crons == config["max_cron_threads"]
        answer = {
            "status": "ok" if beats and threads_live else "degraded",
            "database": True,
            "heartbeat": age and round(age, 1),
        }
        if self._may_see_details():
            answer |= {"cron_threads": crons, **self._details()}
        return answer

    def _may_see_details(self):
        return _is_local() or self._has_token() or self._is_administrator()

    def _has_token(self):
        # sudo: a monitor is no user; only the administrator reads the parameter
        token = request.env["ir.config_parameter"].sudo().get_param(TOKEN)
        given = request.httprequest.headers.get("Authorization", "")
        return bool(token) and consteq(f"Bearer {token}", given)

    def _is_administrator(self):
        uid = request.session.uid
        return bool(uid) and request.env(user=uid).user.has_group(ADMIN)

    def _details(self):
        figures = request.env["mini_crm.health"]._figures()
        del figures["heartbeat_age"]
        for name in ("daily_run_at", "rules_built_at", "uptime_since"):
            if figures[name]:
                figures[name] = figures[name].isoformat(timespec="seconds") + "Z"
        if figures["uptime"] is not None:
            figures["uptime"] = round(figures["uptime"], 3)
        connection = request.env.cr._cnx
        return {
            **figures,
            "filestore_free_bytes": shutil.disk_usage(config["data_dir"]).free,
            "versions": {
                "mini_crm": get_manifest("mini_crm")["version"],
                "odoo": release.version,
                "postgresql": connection.get_parameter_status("server_version"),
            },
        }


def _reply(answer):
    status = 200 if answer["status"] == "ok" else 503
    headers = [("Cache-Control", "no-store")]
    return request.make_json_response(answer, headers, status=status)


def _cron_threads():
    """Number of this process's threads that run scheduled jobs.

    None where jobs run in other processes (worker processes).
    """
    if config["workers"]:
        return None
    names = (thread.name for thread in threading.enumerate())
    return sum(name.startswith("odoo.service.cron.cron") for name in names)


def _is_local():
    """Whether the request comes from this machine, and not through a proxy on it."""
    headers = request.httprequest.headers
    if any(name in headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.httprequest.remote_addr).is_loopback
    except ValueError:
        return False
