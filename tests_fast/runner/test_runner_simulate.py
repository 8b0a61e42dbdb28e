"""simulate.py: which shop is simulated for."""

import pytest

from runner.failure import RunnerError
from runner.simulate import served_at

SERVED = "server_wide_modules = base,rpc,web,mini_crm\n"


def _write(folder, name, port, listen="127.0.0.1", more=SERVED):
    text = f"[options]\nhttp_interface = {listen}\nhttp_port = {port}\n{more}"
    (folder / name).write_text(text)


def test_the_served_database_is_found_among_other_odoos(tmp_path):
    _write(tmp_path, "shop.9001.conf", 9001, more="")  # a shell, say
    _write(tmp_path, "shop.9002.conf", 9002, listen="0.0.0.0")
    _write(tmp_path, "shop2.9003.conf", 9003)
    assert served_at(tmp_path, "shop") == "http://127.0.0.1:9002"


def test_a_shop_that_is_not_served_is_refused_with_what_to_do(tmp_path):
    _write(tmp_path, "shop.9001.conf", 9001, more="")
    with pytest.raises(RunnerError, match="not being served") as refused:
        served_at(tmp_path, "shop")
    assert "./run serve" in str(refused.value)
