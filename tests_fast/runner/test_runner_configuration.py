"""What Odoo and PostgreSQL are told, and the first password."""

import base64
import configparser
import hashlib
from pathlib import Path
from types import SimpleNamespace

from runner.home import Home
from runner.odoo import Configuration, environment, series
from runner.postgres import is_ours, settings_text
from runner.serve import password_hash

GIGABYTE = 1024**3


def written(**values):
    defaults = {
        "db": "shop.1",
        "port": 8069,
        "listen": "127.0.0.1",
        "addons_path": "/a,/b",
        "data_dir": Path("/srv/data"),
        "db_host": "/srv/socket",
        "db_port": 5432,
        "db_user": "odoo",
    }
    parser = configparser.RawConfigParser()
    parser.read_string(Configuration(**{**defaults, **values}).text("random"))
    return dict(parser["options"])


def postgres(memory=16 * GIGABYTE, shared=8 * GIGABYTE):
    lines = settings_text(Path("/srv/socket"), memory, shared).splitlines()
    return dict(line.split(" = ", 1) for line in lines if not line.startswith("#"))


def test_odoo_listens_on_loopback_and_hides_its_database_manager():
    options = written()
    assert options["http_interface"] == "127.0.0.1"
    assert options["list_db"] == "False"
    assert options["admin_passwd"] == "random"


def test_odoo_serves_exactly_one_database():
    options = written()
    assert options["db_name"] == "shop.1"
    # with one, each request without a session would list the databases
    assert "dbfilter" not in options


def test_odoo_keeps_its_keys_where_backups_look_for_them(tmp_path):
    home = Home(tmp_path)
    postgres = SimpleNamespace(
        host="/socket", port=5432, user="odoo", programs=tmp_path, session_options=""
    )
    told = environment(home, postgres)["MINI_CRM_SECRETS"]
    assert Path(told) / "shop" == home.secrets("shop")


def test_odoo_runs_threads_with_four_for_jobs():
    assert (written()["workers"], written()["max_cron_threads"]) == ("0", "4")


def test_forwarded_headers_are_believed_only_behind_a_proxy():
    assert written()["proxy_mode"] == "False"
    assert written(proxy_mode=True)["proxy_mode"] == "True"


def test_processes_are_as_many_as_asked_for_and_have_a_websocket():
    options = written(workers=3, gevent_port=9072)
    assert (options["workers"], options["gevent_port"]) == ("3", "9072")


def test_a_served_odoo_tells_its_health_without_a_database():
    assert "mini_crm" in written(serving=True)["server_wide_modules"].split(",")
    assert "server_wide_modules" not in written()


def test_postgres_has_no_tcp_and_a_closed_socket():
    options = postgres()
    assert options["listen_addresses"] == "''"
    assert options["unix_socket_permissions"] == "0700"


def test_postgres_keeps_what_it_confirmed():
    options = postgres()
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert options[name] == "on"


def test_postgres_takes_half_a_gigabyte_of_a_large_machine():
    assert postgres()["shared_buffers"] == "512MB"


def test_postgres_is_modest_on_a_small_machine():
    assert postgres(memory=GIGABYTE)["shared_buffers"] == "128MB"


def test_postgres_avoids_a_tiny_shared_memory_folder():
    assert postgres(shared=64 * 1024**2)["dynamic_shared_memory_type"] == "mmap"


def test_a_process_elsewhere_is_not_our_server(tmp_path):
    data, other = tmp_path / "data", tmp_path / "other"
    for folder in (data, other, tmp_path / "7", tmp_path / "8"):
        folder.mkdir()
    (tmp_path / "7" / "cwd").symlink_to(data)
    (tmp_path / "8" / "cwd").symlink_to(other)
    assert is_ours(7, data, proc=tmp_path)
    assert not is_ours(8, data, proc=tmp_path)
    assert not is_ours(9, data, proc=tmp_path)


def test_the_series_is_read_without_importing(tmp_path):
    (tmp_path / "odoo").mkdir()
    text = "version_info = (19, 0, 0, FINAL, 0, '')\n"
    (tmp_path / "odoo" / "release.py").write_text(text, encoding="utf-8")
    assert series(tmp_path) == "19.0"
    assert series(tmp_path / "nowhere") is None


def test_the_first_password_is_stored_as_odoo_stores_it():
    salt = b"0123456789abcdef"
    hashed = password_hash("secret", salt, rounds=1000)
    _empty, scheme, rounds, stored_salt, key = hashed.split("$")
    assert (scheme, rounds) == ("pbkdf2-sha512", "1000")
    assert stored_salt == "MDEyMzQ1Njc4OWFiY2RlZg"
    expected = hashlib.pbkdf2_hmac("sha512", b"secret", salt, 1000)
    padded = key.replace(".", "+") + "=" * (-len(key) % 4)
    assert base64.b64decode(padded) == expected
