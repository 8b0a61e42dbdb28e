"""Calls to a product as its web client makes them, as users of each role."""

import http.client
import json
import secrets
import threading
import urllib.error
import urllib.request

ROLES = {
    "agent": "mini_crm.mini_crm_group_agent",
    "manager": "mini_crm.mini_crm_group_manager",
    "admin": "mini_crm.mini_crm_group_admin",
    "portal": "base.group_portal",
}
RPC_SECONDS = 600


class ContractError(AssertionError):
    """The product did not do what the contract says."""


class RpcError(ContractError):
    """The product refused a call.

    ``name`` is the exception's class on the server, e.g.
    ``odoo.exceptions.AccessError``.
    """

    def __init__(self, error):
        data = error.get("data") or {}
        self.name = data.get("name", "")
        super().__init__(f"{self.name}: {data.get('message') or error}")


def call_api(url, key, method, path, body, headers):
    """Call the product's API; see ``Product.api``."""
    headers = {"Content-Type": "application/json", **(headers or {})}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{url}/mini_crm/api/v1{path}", data=data, headers=headers, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=RPC_SECONDS) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


class Rpc:
    """Calls of methods over HTTP; makes a user of each role when first needed.

    :param str url: address of the product
    :param str db: its database
    :param first_password: function that returns the first administrator's password
    """

    def __init__(self, url, db, first_password):
        self.url = url
        self.db = db
        self._first = first_password
        self._passwords = {}
        self._sessions = {}
        self._keys = {}
        self._lock = threading.RLock()

    def call(self, role, model, method, args, kwargs):
        """Call a method as a user of a role; see ``Product.rpc``."""
        return self.call_with(self._session(role), model, method, args, kwargs)

    def call_with(self, session, model, method, args, kwargs):
        """Call a method with a session cookie; see ``Product.call_with``."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self._request(session, path, params)

    def fetch(self, role, path):
        """What an address answers to a user of a role; see ``Product.fetch``."""
        headers = {"Cookie": self._session(role)}
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=RPC_SECONDS) as reply:
                return reply.read()
        except urllib.error.HTTPError as error:
            with error:
                raise ContractError(f"{path}: {error.code}") from error

    def key(self, role):
        """An API key of the user of a role, made as he makes it in his preferences."""
        with self._lock:
            if role not in self._keys:
                self._keys[role] = self._make_key(role)
            return self._keys[role]

    def _make_key(self, role):
        model = "res.users.apikeys.description"
        # a day would end at midnight, in the middle of the tests
        values = {"name": "Contract", "duration": "7"}
        (wizard,) = self.call(role, model, "create", [[values]], {})
        action = self.call(role, model, "make_key", [[wizard]], {})
        if action["res_model"] == "res.users.identitycheck":
            context = {"password": self._password(role)}
            arguments = [[action["res_id"]]]
            action = self.call(
                role, action["res_model"], "run_check", arguments, {"context": context}
            )
        return action["context"]["default_key"]

    def share_users(self, other):
        """Use the users that another client has made, and their passwords."""
        self._passwords, self._lock = other._passwords, other._lock

    def forget_session(self, role):
        """Have the next call as a role log in again."""
        with self._lock:
            self._sessions.pop(role, None)

    def _superuser(self, model, method, *args, **kwargs):
        return self.call("superuser", model, method, args, kwargs)

    def _session(self, role):
        """Session cookie of a user of a role; "superuser": the first administrator."""
        with self._lock:
            if role not in self._sessions:
                if role == "superuser":
                    login, password = "admin", self._first()
                else:
                    login, password = f"contract_{role}", self._password(role)
                self._sessions[role] = self.log_in(login, password)
            return self._sessions[role]

    def _password(self, role):
        if role not in self._passwords:
            self._passwords[role] = secrets.token_urlsafe(12)
            self._make_user(role, self._passwords[role])
        return self._passwords[role]

    def _make_user(self, role, password):
        module, name = ROLES[role].split(".")
        domain = [["module", "=", module], ["name", "=", name]]
        (group,) = self._superuser("ir.model.data", "search_read", domain, ["res_id"])
        values = {
            "name": f"Contract {role}",
            "login": f"contract_{role}",
            "password": password,
            "group_ids": [[6, 0, [group["res_id"]]]],
        }
        domain = [["login", "=", values["login"]]]
        known = self._superuser("res.users", "search", domain)
        context = {"no_reset_password": True}
        if known:
            self._superuser("res.users", "write", known, {"password": password})
        else:
            self._superuser("res.users", "create", [values], context=context)

    def log_in(self, login, password):
        """Log in: the session cookie (str).

        :raises RpcError: when the product refuses
        """
        params = {"db": self.db, "login": login, "password": password}
        reply, body = self._post("/web/session/authenticate", params, None)
        if body.get("error"):
            raise RpcError(body["error"])
        for cookie in reply.headers.get_all("Set-Cookie", []):
            if cookie.startswith("session_id="):
                return cookie.partition(";")[0]
        raise ContractError(f"{login} got no session.")

    def _request(self, session, path, params):
        _reply, body = self._post(path, params, session)
        if body.get("error"):
            raise RpcError(body["error"])
        return body.get("result")

    def _post(self, path, params, session):
        headers = {"Content-Type": "application/json"}
        if session:
            headers["Cookie"] = session
        data = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        request = urllib.request.Request(
            self.url + path, data=data.encode(), headers=headers, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=RPC_SECONDS) as reply:
                return reply, json.load(reply)
        except http.client.HTTPException as error:  # an answer that breaks off
            raise ConnectionError(str(error)) from error
