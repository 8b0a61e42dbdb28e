"""databases.py: a database and its files never part, whatever fails in between."""

import re

import pytest

from runner.databases import Databases
from runner.failure import RunnerError

RENAME = re.compile(r'ALTER DATABASE "(.+)" RENAME TO "(.+)"')


class Server(Databases):
    """Databases without PostgreSQL; `broken` names what it refuses to rename."""

    def __init__(self, data, *names, broken=()):
        super().__init__(None, data)
        self.present = set()
        self.broken = broken
        for name in names:
            self.add(name)

    def add(self, name):
        self.present.add(name)
        folder = self.filestores / name
        folder.mkdir(parents=True)
        (folder / "owner").write_text(name)

    def exists(self, name):
        return name in self.present

    def ask(self, sql, database="postgres"):
        found = RENAME.match(sql)
        if found:
            if found[1] in self.broken:
                raise RunnerError("somebody is connected")
            self.present.remove(found[1])
            self.present.add(found[2])
        elif "terminate" in sql and "client backend" not in sql:
            raise RunnerError("permission denied to terminate process")  # autovacuum's
        elif sql.startswith("DROP"):
            self.present.discard(sql.split('"')[1])
        return []

    def files_of(self, name):
        return (self.filestores / name / "owner").read_text()


def test_the_new_one_takes_the_place_and_the_old_one_goes(tmp_path):
    server = Server(tmp_path, "shop", "fresh")
    server.replace("fresh", "shop")
    assert server.present == {"shop"}
    assert server.files_of("shop") == "fresh"
    assert [path.name for path in server.filestores.iterdir()] == ["shop"]


@pytest.mark.parametrize("broken", ["shop", "fresh"])
def test_a_refused_rename_leaves_the_old_one_with_its_files(tmp_path, broken):
    server = Server(tmp_path, "shop", "fresh", broken=[broken])
    with pytest.raises(RunnerError, match="connected"):
        server.replace("fresh", "shop")
    server.settle("shop")
    assert server.exists("shop")
    assert server.files_of("shop") == "shop"
    assert server.files_of("fresh") == "fresh"


class KilledError(BaseException):
    """Stands for SIGKILL: nothing cleans up after it."""


@pytest.mark.parametrize("instant", range(7))
def test_killed_anywhere_the_shop_is_there_with_its_own_files(tmp_path, instant):
    server = Server(tmp_path, "shop", "fresh")
    steps = []

    def step_or_die(original):
        def step(*arguments):
            if len(steps) == instant:
                raise KilledError
            steps.append(arguments)
            return original(*arguments)

        return step

    server.ask = step_or_die(server.ask)
    server._move_files = step_or_die(server._move_files)
    with pytest.raises(KilledError):
        server.replace("fresh", "shop")
    del server.ask, server._move_files
    server.settle("shop")
    assert server.exists("shop")
    assert server.files_of("shop") == ("fresh" if instant == 6 else "shop")


def test_a_drop_waits_until_postgresql_has_vacuumed(tmp_path, monkeypatch):
    server = Server(tmp_path, "shop")
    refusals = ["permission denied to terminate process"] * 2
    ask = server.ask

    def busy(sql, database="postgres"):
        if refusals:
            raise RunnerError(f"PostgreSQL refused: {refusals.pop()}")
        return ask(sql, database)

    monkeypatch.setattr(server, "ask", busy)
    monkeypatch.setattr("runner.databases.DROP_PAUSE", 0)
    server.drop("shop")
    assert not server.exists("shop")


def test_a_drop_that_is_refused_for_another_reason_says_so_at_once(
    tmp_path, monkeypatch
):
    server = Server(tmp_path, "shop")

    def refuse(sql, database="postgres"):
        raise RunnerError("PostgreSQL refused: the disk is full")

    monkeypatch.setattr(server, "ask", refuse)
    with pytest.raises(RunnerError, match="disk is full"):
        server.drop("shop")
    assert server.exists("shop")
