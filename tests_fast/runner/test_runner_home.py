"""home.py: where state lives, and that nothing is half there."""

import os
import stat
from pathlib import Path

import pytest

from runner.failure import RunnerError
from runner.home import (
    LOG_BYTES,
    Home,
    default_root,
    rotate,
    trim,
    write_private,
)

CHECKOUT = Path("/srv/shop/crm")


@pytest.fixture
def home(tmp_path):
    found = Home(tmp_path / "home")
    found.prepare(CHECKOUT)
    return found


def test_two_checkouts_have_two_homes():
    first = default_root(CHECKOUT, {"HOME": "/home/a"}, 1000)
    assert first != default_root(Path("/srv/other"), {"HOME": "/home/a"}, 1000)


def test_a_home_is_no_cache():
    assert ".cache" not in str(default_root(CHECKOUT, {}, 1000))


def test_root_has_its_home_where_other_users_can_pass():
    assert default_root(CHECKOUT, {}, 0).is_relative_to("/var/lib/mini-crm")


def test_attachments_may_be_in_a_folder_that_homes_share(tmp_path):
    shared = tmp_path / "mount" / "shared"
    for name in ("first", "second"):
        home = Home(tmp_path / name, shared)
        home.prepare(CHECKOUT)
        assert home.data == shared
    assert stat.S_IMODE(shared.stat().st_mode) == 0o700


def test_the_environment_may_name_the_home():
    env = {"MINI_CRM_HOME": "/srv/state"}
    assert default_root(CHECKOUT, env, 1000) == Path("/srv/state")


def test_keys_lie_where_the_data_is_that_servers_share(tmp_path):
    alone, shared = Home(tmp_path / "a"), Home(tmp_path / "b", tmp_path / "data")
    assert alone.secrets("shop") == tmp_path / "a" / "secrets" / "shop"
    assert shared.secrets("shop") == tmp_path / "data" / "secrets" / "shop"


def test_the_addon_is_linked_under_its_technical_name(home):
    assert (home.addons / "mini_crm").readlink() == CHECKOUT


def test_preparing_again_follows_a_moved_checkout(home):
    home.prepare(Path("/srv/moved"))
    assert (home.addons / "mini_crm").readlink() == Path("/srv/moved")


def test_folders_with_data_are_closed_to_others(home):
    for folder in (home.data, home.conf, home.logs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_private_file_is_readable_by_its_owner_only(home):
    write_private(home.admin_password("shop"), "secret\n")
    assert stat.S_IMODE(home.admin_password("shop").stat().st_mode) == 0o600


def test_a_folder_appears_only_when_it_is_complete(home):
    target = home.root / "thing"
    with pytest.raises(KeyError), home.fresh_folder(target) as fresh:
        (fresh / "half").touch()
        raise KeyError
    assert not target.exists()


def test_a_complete_folder_replaces_the_old_one(home):
    target = home.root / "thing"
    target.mkdir()
    (target / "old").touch()
    with home.fresh_folder(target) as fresh:
        (fresh / "new").touch()
    assert os.listdir(target) == ["new"]


def test_leftovers_of_a_killed_try_do_not_matter(home):
    (home.temporary / "thing.new" / "junk").mkdir(parents=True)
    with home.fresh_folder(home.root / "thing") as fresh:
        (fresh / "new").touch()
    assert os.listdir(home.root / "thing") == ["new"]


def test_the_socket_path_is_short_in_a_deep_home():
    deep = Home(Path("/srv") / ("long" * 30))
    assert len(str(deep.socket_folder / ".s.PGSQL.5432.lock")) <= 107
    assert deep.socket_folder != Home(Path("/srv") / ("loud" * 30)).socket_folder


def test_who_is_busy_is_known_while_it_lasts(home):
    with home.mark_busy("serve-shop"):
        assert home.busy("serve-*") == {"serve-shop": os.getpid()}
        with (
            pytest.raises(RunnerError, match=str(os.getpid())),
            home.mark_busy("serve-shop"),
        ):
            pass
    assert home.busy("serve-*") == {}


def test_too_little_space_is_refused_before_anything_is_fetched(home, monkeypatch):
    usage = os.statvfs_result((1, 1, 1, 1, 1, 1, 1, 1, 1, 1))
    monkeypatch.setattr("os.statvfs", lambda _path: usage)
    with pytest.raises(RunnerError, match="GB are needed"):
        home.require_space()


def test_only_a_large_log_is_set_aside(tmp_path):
    log = tmp_path / "odoo.log"
    rotate(log)
    log.write_bytes(b"x")
    rotate(log)
    assert os.listdir(tmp_path) == ["odoo.log"]
    os.truncate(log, LOG_BYTES + 1)
    rotate(log)
    assert os.listdir(tmp_path) == ["odoo.log.1"]


def test_a_large_log_is_set_aside_under_the_program_that_writes_it(tmp_path):
    log = tmp_path / "odoo.log"
    with open(log, "ab") as writer:
        writer.write(b"x" * (LOG_BYTES + 1))
        writer.flush()
        trim(log)
        writer.write(b"next line\n")
    assert log.read_bytes() == b"next line\n"
    assert (tmp_path / "odoo.log.1").stat().st_size == LOG_BYTES + 1


def test_a_small_log_or_none_is_left_alone(tmp_path):
    log = tmp_path / "odoo.log"
    trim(log)
    log.write_bytes(b"x")
    trim(log)
    assert [path.name for path in tmp_path.iterdir()] == ["odoo.log"]
