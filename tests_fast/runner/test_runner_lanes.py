"""lanes.py: lanes beside each other."""

from types import SimpleNamespace

from runner import lanes
from runner.home import Home


def test_lanes_start_beside_each_other_in_a_home_that_is_not_there_yet(
    tmp_path, monkeypatch
):
    said = []

    def start(command, output):
        output.write(b"3 passed, 0 failed\n")
        said.extend(command)
        return SimpleNamespace(wait=lambda: 0)

    monkeypatch.setattr(lanes.process, "start", start)
    monkeypatch.setattr(lanes.process, "stop", lambda _process: None)
    installation = SimpleNamespace(
        home=Home(tmp_path / "home"),
        checkout=tmp_path,
        settings=SimpleNamespace(options=list),
    )
    with lanes._started(installation, ["sources"]) as ended:
        counts = ended()
    assert said[1:] == ["test", "sources"]
    assert (counts.passed, counts.failed) == (3, 0)
