"""cli.py: every command of the table can be called and helped."""

import socket
from dataclasses import replace

import pytest

from runner import cli
from runner.databases import checked_name
from runner.failure import RunnerError
from runner.odoo import free_port, port_is_free


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_takes_the_shared_options(name):
    needed = {"backup": ["b.zip"], "restore": ["b.zip"], "simulate": ["telegram"]}
    needed = needed.get(name, [])
    words = [name, *needed, "--home", "/srv/h", "--db", "shop", "--port", "9"]
    options, rest = cli._parser().parse_known_args(words)
    settings = cli._settings(options)
    assert (str(settings.home), settings.db, settings.port) == ("/srv/h", "shop", 9)
    assert rest == []


def test_words_of_other_programs_pass_unchanged():
    words = ["odoo", "shell", "-d", "shop", "--home", "/srv/h", "--log-level=warn"]
    _options, rest = cli._parser().parse_known_args(words)
    assert rest == ["shell", "-d", "shop", "--log-level=warn"]


def test_an_unknown_option_is_refused(capsys):
    with pytest.raises(SystemExit):
        cli.main(["serve", "--prot", "9"])
    assert "--prot" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_a_number_that_is_no_port_is_refused(port, capsys):
    with pytest.raises(SystemExit):
        cli.main(["serve", f"--port={port}"])
    assert "--port" in capsys.readouterr().err


def test_a_taken_port_is_known_and_a_foreign_address_is_refused():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not port_is_free(taken.getsockname()[1], "127.0.0.1")
    assert port_is_free(free_port(), "127.0.0.1")
    with pytest.raises(RunnerError, match=r"192\.0\.2\.1"):
        port_is_free(free_port(), "192.0.2.1")


@pytest.mark.parametrize("name", ["shop", "mini_crm", "shop-2.test"])
def test_ordinary_database_names_are_accepted(name):
    assert checked_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "../x", 'a"b', "a'b", "-x", "a b", "x" * 64, ".x"]
)
def test_names_that_would_escape_are_refused(name):
    with pytest.raises(RunnerError):
        checked_name(name)


@pytest.mark.parametrize(
    "words",
    [
        ["--home", "/h"],
        [
            "--home",
            "/h",
            "--db",
            "x",
            "--db-host",
            "h",
            "--db-port",
            "5",
            "--db-user",
            "u",
        ],
        ["--home", "/h", "--odoo", "/o", "--data", "/d", "--port", "8070"],
    ],
)
def test_another_command_is_told_the_same_place_but_no_port(words):
    asked = cli._settings(cli._parser().parse_known_args(["test", *words])[0])
    again = ["test", *asked.options()]
    told = cli._settings(cli._parser().parse_known_args(again)[0])
    assert told == replace(asked, port=None)
