"""The command line: a table of commands, each one function."""

import argparse
import errno
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from . import ending, odoo, plan, serve
from .backup import backup
from .delegate import run_module
from .doctor import doctor
from .failure import RunnerError, Stopped
from .home import default_root
from .installation import Installation, Settings
from .lanes import run_tests
from .lint import lint
from .package import package
from .process import raise_on_signals, run_terminal, say
from .restore import restore
from .simulate import PROVIDERS, simulate

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Command:
    """One line of `./run --help`.

    `run` gets (installation, options, rest); `rest` are words of other programs, which
    only commands with `passes_on` accept.
    """

    run: object
    help: str
    arguments: tuple = ()
    passes_on: bool = False


def _argument(*names, **options):
    return names, options


def _serve(installation, options, _rest):
    how = serve.Options(
        listen=options.listen,
        public_url=options.public_url,
        insecure_lan=options.insecure_lan,
        workers=options.workers,
        gevent_port=options.gevent_port,
        example=not options.no_demo,
    )
    return serve.serve(installation, how)


def _test(installation, options, _rest):
    return run_tests(installation, options.what, verbose=options.verbose)


def _odoo(installation, _options, rest):
    settings = installation.settings
    db = plan.database_in(rest, settings.db)
    with (
        installation.up("browser")
        if "--test-tags" in " ".join(rest)
        else (installation.up())
    ):
        conf = installation.configure(db, settings.port)
        try:
            env = installation.environment(conf)
            return run_terminal(odoo.command(installation.home, *rest), env=env)
        finally:
            conf.unlink(missing_ok=True)


def _psql(installation, _options, rest):
    with installation.up():
        env = installation.environment()
        env.setdefault("PGDATABASE", installation.settings.db)
        program = installation.postgres.programs / "psql"
        return run_terminal([program, *rest], env=env)


def _start(installation, _options, _rest):
    with installation.up("dev", "browser"):
        keep = getattr(installation.postgres, "keep_file", None)
        if keep:
            keep.touch()
    say(
        f"Set up; PostgreSQL stays up until ./run stop (socket folder "
        f"{installation.postgres.host})."
    )
    return 0


def _lint(installation, options, _rest):
    return lint(installation, options.paths, staged=options.staged, fix=options.fix)


def _seed(installation, _options, rest):
    return run_module(installation, "bench.seed", rest, needs_database=True)


def _demo_data(installation, _options, rest):
    return run_module(installation, "bench.demo_data", rest)


def _bench(installation, _options, rest):
    return run_module(installation, "bench", rest)


def _backup(installation, options, _rest):
    target = options.file.expanduser().absolute()
    return backup(installation, target, keep=options.keep)


def _restore(installation, options, _rest):
    return restore(
        installation,
        options.file.expanduser().absolute(),
        force=options.force,
        confirmed=options.yes,
        neutralize=options.neutralize,
    )


def _simulate(installation, options, _rest):
    return simulate(installation, options.provider)


def _package(installation, options, _rest):
    return package(installation, options.folder.expanduser().absolute())


def _doctor(installation, _options, _rest):
    return doctor(installation)


def _stop(installation, _options, _rest):
    return ending.stop(installation)


def _reset(installation, options, _rest):
    return ending.reset(installation, confirmed=options.yes)


def _port(word):
    number = int(word)
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError(f"{word} is no port number")
    return number


def _workers(word):
    number = int(word)
    if not 0 <= number <= 64:
        raise argparse.ArgumentTypeError(f"{word} is no number of processes")
    return number


COMMANDS = {
    "serve": Command(
        _serve,
        "set up what is missing, then serve; Ctrl-C stops",
        (
            _argument("--listen", default="127.0.0.1", help="address to listen on"),
            _argument("--public-url", help="https:// address of the proxy before it"),
            _argument(
                "--insecure-lan", action="store_true", help="allow HTTP on --listen"
            ),
            _argument(
                "--workers", type=_workers, default=0, help="processes (0: threads)"
            ),
            _argument(
                "--gevent-port", type=_port, help="websocket, with --workers (port + 3)"
            ),
            _argument(
                "--no-demo",
                action="store_true",
                help="a new database without the example shop",
            ),
        ),
    ),
    "test": Command(
        _test,
        f"run tests: lanes ({', '.join(plan.TEST_LANES)}), rooms, files",
        (
            _argument("what", nargs="*", metavar="LANE|ROOM|FILE"),
            _argument("--verbose", action="store_true", help="all of Odoo's output"),
        ),
    ),
    "lint": Command(
        _lint,
        "check every tracked file",
        (
            _argument("paths", nargs="*", metavar="PATH"),
            _argument(
                "--staged", action="store_true", help="what is staged for a commit"
            ),
            _argument("--fix", action="store_true", help="repair what the tools can"),
        ),
    ),
    "odoo": Command(_odoo, "Odoo's own command, with our settings", passes_on=True),
    "psql": Command(_psql, "PostgreSQL's shell on the database", passes_on=True),
    "seed": Command(_seed, "fill the database with N invented customers", (), True),
    "demo-data": Command(_demo_data, "write data of a real shop: NAME DIR", (), True),
    "bench": Command(_bench, "measure: [NAME] [--large | --huge]", (), True),
    "backup": Command(
        _backup,
        "save the database, its files and keys, also while serving",
        (
            _argument("file", type=Path, metavar="FILE", help="a file or a folder"),
            _argument(
                "--keep", type=int, metavar="N", help="then delete all but the newest N"
            ),
        ),
    ),
    "restore": Command(
        _restore,
        "make a database out of a backup",
        (
            _argument("file", type=Path, metavar="FILE", help="the backup"),
            _argument("--force", action="store_true", help="replace the database"),
            _argument("--yes", action="store_true", help="with --force: do not ask"),
            _argument(
                "--neutralize", action="store_true", help="a copy that sends nothing"
            ),
        ),
    ),
    "simulate": Command(
        _simulate,
        "a made-up Telegram or Instagram for the served shop, to type as a customer",
        (_argument("provider", choices=PROVIDERS, help="which"),),
    ),
    "package": Command(
        _package,
        "pack the last commit as a zip and a wheel for any Odoo 19",
        (
            _argument(
                "folder",
                nargs="?",
                type=Path,
                default=Path("dist"),
                metavar="DIR",
                help="where to write them; default dist",
            ),
        ),
    ),
    "doctor": Command(_doctor, "what is here, what is missing, what to do"),
    "start": Command(_start, "set up, start PostgreSQL and leave it running"),
    "stop": Command(_stop, "stop what runs in this home"),
    "reset": Command(
        _reset,
        "delete the database and its files",
        (_argument("--yes", action="store_true", help="do not ask"),),
    ),
}


def _shared_options():
    shared = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    shared.add_argument("--home", type=Path, help="folder for all state")
    shared.add_argument("--db", default="mini_crm", help="database name")
    shared.add_argument("--port", type=_port, help="HTTP port (serve: 8069)")
    shared.add_argument("--db-host", help="an existing PostgreSQL instead of ours")
    shared.add_argument("--db-port", type=_port)
    shared.add_argument("--db-user")
    shared.add_argument("--odoo", type=Path, help="source of Odoo 19, if you have it")
    shared.add_argument("--data", type=Path, help="attachments and sessions, if shared")
    return shared


def _parser():
    parser = argparse.ArgumentParser(
        prog="./run", description="Mini CRM's one command.", allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    shared = _shared_options()
    for name, command in COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=command.help,
            description=command.help,
            parents=[shared],
            allow_abbrev=False,
            add_help=not command.passes_on,
        )
        for names, options in command.arguments:
            sub.add_argument(*names, **options)
    return parser


def _absolute(path):
    return path.expanduser().absolute() if path else None


def _settings(options):
    root = options.home or default_root(CHECKOUT, os.environ, os.geteuid())
    return Settings(
        checkout=CHECKOUT,
        home=root.expanduser().absolute(),
        db=options.db,
        port=options.port,
        db_host=options.db_host,
        db_port=options.db_port,
        db_user=options.db_user,
        odoo=_absolute(options.odoo),
        data=_absolute(options.data),
    )


def main(arguments):
    """Run one command.

    :param list arguments: words after `./run`
    :returns: exit code (int)
    """
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    command = COMMANDS[options.command]
    if rest and not command.passes_on:
        parser.error(f"unknown: {' '.join(rest)}")
    rest = [word for place, word in enumerate(rest) if place or word != "--"]
    raise_on_signals()
    try:
        return command.run(Installation(_settings(options)), options, rest)
    except RunnerError as error:
        print(f"./run {options.command}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(f"./run {options.command}: The disk is full.", file=sys.stderr)
        return 1
    except Stopped as stopped:
        say()
        return 128 + stopped.signum
