"""debian.py: which archive, which private configuration."""

from pathlib import Path

from runner.debian import (
    archive_addresses,
    configuration_text,
    sources_text,
    stable_suite,
)

DEBIAN = "http://mirror.invalid/debian"


def planned(address, suite, component="main"):
    path = f"dists/{suite}/{component}/binary-amd64/Packages.xz"
    return f"'{address}/{path}' mirror.invalid_{suite}_Packages 0 \n"


def test_the_suite_comes_from_the_machine():
    text = 'ID=debian\nVERSION_CODENAME=trixie\nPRETTY_NAME="Debian"\n'
    assert stable_suite(text) == "trixie"


def test_another_distribution_has_no_suite():
    assert stable_suite('ID=ubuntu\nVERSION_CODENAME="noble"\n') is None


def test_the_main_archive_is_found():
    plan = planned(f"{DEBIAN}-security", "bookworm-security")
    plan += planned(DEBIAN, "bookworm") + planned(DEBIAN, "bookworm-updates")
    assert archive_addresses(plan, "bookworm") == [DEBIAN]


def test_a_source_that_says_stable_is_found():
    assert archive_addresses(planned(DEBIAN, "stable"), "bookworm") == [DEBIAN]


def test_other_vendors_with_the_same_suite_are_only_candidates():
    vendor = "https://vendor.invalid/linux"
    plan = planned(vendor, "bookworm") + planned(DEBIAN, "bookworm")
    assert set(archive_addresses(plan, "bookworm")) == {vendor, DEBIAN}


def test_other_components_do_not_count():
    plan = planned("https://vendor.invalid/linux", "bookworm", "stable")
    assert archive_addresses(plan, "bookworm") == []


def test_both_suites_are_checked_against_debians_key():
    lines = sources_text(DEBIAN, "bookworm", Path("/k.gpg")).splitlines()
    assert lines == [
        f"deb [signed-by=/k.gpg] {DEBIAN} bookworm main",
        f"deb [signed-by=/k.gpg] {DEBIAN} sid main",
    ]


def test_the_private_apt_writes_only_below_its_folder():
    text = configuration_text(Path("/srv/home/debian"))
    for key in ("Dir::State::Lists", "Dir::Cache", "Dir::Etc::SourceList"):
        assert f'{key} "/srv/home/debian/' in text
