"""The rules, as pure functions: from paths, hashes and options to what is to be done.

Nothing here reads a file, starts a process or looks at the clock.
"""

import hashlib
import re
from dataclasses import dataclass

TEST_LANES = ("fast", "odoo", "sources", "browser", "lifecycle", "outside")
# Lanes that start products by `./run` themselves: pytest, not Odoo, runs them.
FROM_OUTSIDE = ("lifecycle", "outside")
# What runs beside the lane "odoo", which is as long as these together. The lane that
# measures a served product runs alone.
_BESIDE_ODOO = ("fast", "sources", "browser", "lifecycle")
BROWSER_TAG = "mini_crm_browser"
# Tests of what we pull from add-ons that we do not depend on need a database that has
# them: the lane "sources".
SOURCES_TAG = "mini_crm_sources"
SOURCES_MODULES = ("account", "point_of_sale", "sale_management")
LANGUAGES = "en_US,fa_IR"
# Odoo's own tests that must pass with the add-on installed, and how many they are. All
# but one run after everything is loaded. That one fails there on plain Odoo 19.0, too
# (a user without rights may not read signup_type): it runs while base is updated, as
# Odoo means it.
OWN_TESTS_EXPECTED = 54
OWN_TEST_EARLY = "/base:TestMergePartner.test_merge_partners_with_peon_user"
OWN_TESTS = (
    "/base:TestPartner,/base:TestPartnerAddressCompany,/base:TestPartnerForm,"
    "/base:TestPartnerRecursion,/base:TestPartnerCategory,/base:TestMergePartner,"
    "/mail:TestPartner,/contacts,"
    f"-{OWN_TEST_EARLY}"
)
# Files of these kinds are in the database after an installation; a change in one means
# that the database must be updated. Assets and tests are read from disk.
_INSTALLED_SUFFIXES = (".py", ".xml", ".csv", ".po", ".pot")
_NOT_INSTALLED = ("tests/", "tests_fast/", "runner/", "bench/", "docs/", ".ci/")
_NOT_INSTALLED += ("static/", "newsfragments/")


def digest(*parts):
    """Short hash of values, for names and marks.

    >>> digest("a") == digest("a"), len(digest("a", 1))
    (True, 12)
    """
    whole = "\0".join(str(part) for part in parts)
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


def pending(keys, marks):
    """Which set-up steps are still to be done.

    :param dict keys: step name -> key of its inputs, in order
    :param dict marks: step name -> key it was finished with
    :returns: names (list); a step after a pending one is judged by its own key
    """
    return [name for name, key in keys.items() if marks.get(name) != key]


def is_installed(path):
    """Whether a change of an add-on's file asks for an update of the database.

    :param str path: relative to the add-on
    :rtype: bool
    """
    return path.endswith(_INSTALLED_SUFFIXES) and not path.startswith(_NOT_INSTALLED)


def database_in(arguments, default):
    """The database that arguments for Odoo's command line name.

    >>> database_in(["shell", "-d", "shop"], "mini_crm")
    'shop'
    """
    for place, argument in enumerate(arguments):
        if argument in ("-d", "--database") and place + 1 < len(arguments):
            return arguments[place + 1]
        found = re.fullmatch(r"(?:--database=|-d)(.+)", argument)
        if found:
            return found[1]
    return default


def template_name(kind, *inputs):
    """Name of a template database; other inputs give another name.

    >>> template_name("depends", "19.0").startswith("mini_crm_tpl_depends_")
    True
    """
    return f"mini_crm_tpl_{kind}_{digest(*inputs)}"


def install_arguments(modules, languages=LANGUAGES):
    """Arguments that install modules into an empty database and end.

    :param modules: names
    :rtype: list
    """
    return [
        f"--init={','.join(modules)}",
        f"--load-language={languages}",
        "--stop-after-init",
        "--no-http",
        "--max-cron-threads=0",
        "--log-level=warn",
    ]


def back_off(failures):
    """Seconds to wait before a program is started again.

    :param int failures: how often it failed in a row, from 1

    >>> [back_off(n) for n in (1, 2, 3, 9)]
    [1, 2, 5, 30]
    """
    pauses = (1, 2, 5, 10, 30)
    return pauses[min(failures, len(pauses)) - 1]


def is_newer(installed, ours):
    """Whether a database was brought up to date by a newer checkout.

    :param str installed: version of the add-on in the database; empty if unknown
    :param str ours: version in the manifest

    >>> is_newer("19.0.1.10.0", "19.0.1.9.0"), is_newer("", "19.0.1.9.0")
    (True, False)
    """

    def numbers(version):
        return [int(number) for number in re.findall(r"\d+", version)]

    return numbers(installed) > numbers(ours)


def external_problem(facts, exists):
    """Why a PostgreSQL of somebody else's cannot be used.

    :param dict facts: `user` (str), `version` (int as in server_version_num),
        `may_create` (bool), `has_trgm` (bool)
    :param bool exists: whether our database is there already
    :returns: (message, hint), or None when it can
    """
    if facts["user"] == "postgres":
        return "Odoo refuses to work as the user postgres.", "Give another --db-user."
    if facts["version"] < 130000:
        major = facts["version"] // 10000
        return f"PostgreSQL {major} is too old.", "13 or newer is needed."
    if exists:
        return None
    if not facts["may_create"]:
        user = facts["user"]
        return f"{user} may not make databases.", f'ALTER ROLE "{user}" CREATEDB'
    if not facts["has_trgm"]:
        return (
            "The extension pg_trgm is missing on the server.",
            "Install PostgreSQL's contrib package there.",
        )
    return None


@dataclass(frozen=True)
class TestSelection:
    """What `./run test` was asked for: whole lanes, and single files of tests/."""

    lanes: tuple
    files: tuple = ()


def select_tests(words, rooms, is_file):
    """Make sense of the words after `./run test`.

    :param words: lanes, rooms (folders of tests/) or files; none means every lane
    :param dict rooms: room name -> its test files, relative to the add-on
    :param is_file: function(word) -> path relative to the add-on, or None
    :returns: TestSelection
    :raises ValueError: with a sentence for people
    """
    lanes, files = [], []
    for word in words:
        if word in TEST_LANES:
            lanes.append(word)
        elif word.strip("/").removeprefix("tests/") in rooms:
            files += rooms[word.strip("/").removeprefix("tests/")]
        elif is_file(word):
            files.append(is_file(word))
        else:
            known = ", ".join([*TEST_LANES, *sorted(rooms)])
            raise ValueError(f"{word!r} is no lane, room or test file. Known: {known}.")
    if not words:
        lanes = list(TEST_LANES)
    return TestSelection(tuple(dict.fromkeys(lanes)), tuple(dict.fromkeys(files)))


def side_by_side(lanes):
    """Which lanes run one after the other, and which beside them.

    :param lanes: names, in order
    :returns: (lane, those that run beside it) each (list)

    >>> side_by_side(["fast", "odoo", "outside"])
    [('odoo', ('fast',)), ('outside', ())]
    """
    beside = tuple(lane for lane in _BESIDE_ODOO if lane in lanes and "odoo" in lanes)
    return [
        (lane, beside if lane == "odoo" else ()) for lane in lanes if lane not in beside
    ]


def test_tags(lane, files=()):
    """Odoo's --test-tags for a whole lane, or for some files whatever their lane.

    :param str lane: "odoo", "sources" or "browser"
    :param files: paths relative to the add-on
    :rtype: str

    >>> test_tags("sources"), test_tags("odoo", ["tests/score/test_parts.py"])
    ('mini_crm_sources/mini_crm', '/mini_crm/tests/score/test_parts.py')
    """
    if files:
        return ",".join(f"/mini_crm/{path}" for path in files)
    alone = {"browser": BROWSER_TAG, "sources": SOURCES_TAG}
    if lane in alone:
        return f"{alone[lane]}/mini_crm"
    return ",".join(["/mini_crm", *(f"-{tag}" for tag in alone.values())])
