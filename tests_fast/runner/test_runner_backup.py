"""archive.py, backup.py, restore.py: what a backup file is, and what is refused."""

import os
import zipfile
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import archive, backup, restore
from runner.archive import Archive, Backup, private_file
from runner.failure import RunnerError

DATE = (2026, 1, 2, 3, 4, 6)
ABOUT = {
    "database": "shop",
    "created": "2026-01-02T03:04:06Z",
    "addon_version": "19.0.1.1.0",
    "postgres_version": 180006,
    "database_bytes": 1000,
    "files_bytes": 20,
    "files": 1,
}


def written(path, *, members=(("database.dump", b"dump"),), **about):
    """A backup file with these members."""
    with open(path, "wb") as handle:
        made = Archive(handle, DATE)
        for name, content in members:
            made.add(name, [content])
        made.finish({**ABOUT, **about})
    return path


def verify(path):
    with Backup(path) as found:
        found.verify(lambda number: None)
        return found


# -- the file ----------------------------------------------------------------------


@given(st.dictionaries(st.from_regex(r"[a-f0-9]{2}/[a-f0-9]{4}", fullmatch=True),
                       st.binary(max_size=5000), max_size=5))  # fmt: skip
def test_what_is_written_is_read_again(tmp_path_factory, files):
    path = tmp_path_factory.mktemp("backup") / "b.zip"
    members = [(f"filestore/{name}", content) for name, content in files.items()]
    written(path, members=[("database.dump", b"x" * 3000), *members])
    verify(path)
    with Backup(path) as found:
        assert sorted(found.names("filestore/")) == sorted(files)
        for name, content in files.items():
            assert b"".join(found.read(f"filestore/{name}")) == content


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_no_backup(tmp_path, share):
    path = written(tmp_path / "b.zip", members=[("database.dump", os.urandom(9000))])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(RunnerError, match="no whole backup"):
        Backup(path)


def test_any_changed_byte_of_a_member_is_noticed(tmp_path):
    path = written(tmp_path / "b.zip", members=[("database.dump", os.urandom(300))])
    good = path.read_bytes()
    start = good.index(b"database.dump") + 60
    for place in range(start, start + 200, 7):
        changed = bytearray(good)
        changed[place] ^= 0x40
        path.write_bytes(changed)
        with pytest.raises(RunnerError, match=r"database\.dump"):
            verify(path)


def test_a_changed_hash_does_not_help_a_changed_member(tmp_path):
    path = written(tmp_path / "b.zip")
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(forged, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.upper() if name == "SHA256SUMS" else content)
    with pytest.raises(RunnerError, match="SHA256SUMS"):
        verify(forged)


def test_a_file_nobody_has_hashed_is_refused(tmp_path):
    path = written(tmp_path / "b.zip")
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("filestore/aa/extra", b"x")
    with pytest.raises(RunnerError, match="unknown files"):
        verify(path)


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "aa/../../b", "a\\b"])
def test_a_member_never_leaves_its_folder(tmp_path, name):
    path = written(tmp_path / "b.zip", members=[(f"filestore/{name}", b"x")])
    with Backup(path) as found, pytest.raises(RunnerError, match="it names"):
        found.names("filestore/")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_text("hello"), "no whole backup"),
        (lambda path: zipfile.ZipFile(path, "w").close(), "no whole backup"),
        (lambda path: written(path, product="other"), "no backup of Mini CRM"),
        (lambda path: written(path, format=archive.FORMAT + 1), "newer Mini CRM"),
        (lambda path: None, "There is no file"),
        (lambda path: path.mkdir(), "cannot be read"),
    ],
)
def test_other_files_are_refused_with_a_reason(tmp_path, make, words):
    make(tmp_path / "b.zip")
    with pytest.raises(RunnerError, match=words):
        Backup(tmp_path / "b.zip")


def test_a_private_file_is_there_only_when_it_is_complete(tmp_path):
    path = tmp_path / "b.zip"
    with pytest.raises(ZeroDivisionError), private_file(path) as fresh:
        fresh.write_text("half")
        assert fresh.stat().st_mode & 0o777 == 0o600
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    with private_file(path) as fresh:
        fresh.write_text("whole")
    assert list(tmp_path.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o600


# -- which backups are kept ----------------------------------------------------------


def test_the_oldest_of_the_same_kind_and_database_go(tmp_path):
    names = [f"shop-2026-01-{day:02d}.zip" for day in range(1, 6)]
    for day, name in enumerate(names, 1):
        written(tmp_path / name, created=f"2026-01-{day:02d}T00:00:00Z")
    written(tmp_path / "shop-2025-01-01.zip", database="another")
    written(tmp_path / "yearly-2020-01-01.zip", created="2020-01-01T00:00:00Z")
    (tmp_path / "shop-2024-01-01.zip").write_text("no backup")
    (tmp_path / ".shop-2026-01-03.zip.part").write_text("of a killed run")
    gone = backup.outdated(tmp_path / names[-1], "shop", 2)
    assert sorted(path.name for path in gone) == [
        ".shop-2026-01-03.zip.part",
        *names[:3],
    ]


def test_only_a_backup_is_written_over(tmp_path):
    target = tmp_path / "thesis.odt"
    target.write_text("years of work")
    with pytest.raises(RunnerError, match="is no backup"):
        backup._refuse_foreign(target)
    backup._refuse_foreign(written(tmp_path / "b.zip"))
    backup._refuse_foreign(tmp_path / "not-there.zip")


# -- what is not restored --------------------------------------------------------------


def installation(tmp_path, *, addon="19.0.1.1.0", postgres="180006"):
    """What restore.py asks before it begins."""
    (tmp_path / "__manifest__.py").write_text(repr({"version": addon}))
    databases = SimpleNamespace(ask=lambda sql: [[postgres]])
    return SimpleNamespace(checkout=tmp_path, databases=databases)


@pytest.mark.parametrize("version", ["19.0.1.1.0", "19.0.1.0.9", None])
def test_the_same_or_an_older_version_is_restored(tmp_path, version):
    with Backup(written(tmp_path / "b.zip", addon_version=version)) as found:
        restore._require_versions(installation(tmp_path), found)


@pytest.mark.parametrize("version", ["19.0.1.1.1", "19.0.1.10.0", "20.0.1.0.0"])
def test_a_newer_add_on_is_refused(tmp_path, version):
    with (
        Backup(written(tmp_path / "b.zip", addon_version=version)) as found,
        pytest.raises(RunnerError, match="Update the checkout first"),
    ):
        restore._require_versions(installation(tmp_path), found)


def test_a_newer_postgresql_is_refused(tmp_path):
    with (
        Backup(written(tmp_path / "b.zip", postgres_version=190001)) as found,
        pytest.raises(RunnerError, match="PostgreSQL 19"),
    ):
        restore._require_versions(installation(tmp_path), found)
