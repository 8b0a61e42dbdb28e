"""Files of strangers: where they come from, what they are, how they are saved."""

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.media_rules import (
    MAX_BYTES,
    MAX_NAME,
    START,
    is_allowed_address,
    is_file_path,
    safe_name,
    type_of,
)


@pytest.mark.parametrize(
    "address",
    [
        "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1&signature=Ab-c_%3D",
        "https://scontent.cdninstagram.com/v/t51/1_n.jpg?stp=dst&_nc_sid=1",
        "https://scontent-fra3-1.xx.fbcdn.net/v/1.mp4",
        "HTTPS://Lookaside.FBSBX.com/x",
    ],
)
def test_meta_s_hosts_for_files_are_allowed(address):
    assert is_allowed_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://lookaside.fbsbx.com/x",
        "ftp://lookaside.fbsbx.com/x",
        "//lookaside.fbsbx.com/x",
        "https:lookaside.fbsbx.com/x",
        "https:///lookaside.fbsbx.com/x",
        "https://fbsbx.com/x",
        "https://a.lookaside.fbsbx.com/x",
        "https://cdninstagram.com/x",
        "https://evilcdninstagram.com/x",
        "https://evil.com/.fbcdn.net",
        "https://x.fbcdn.net.evil.com/x",
        "https://evil.com#.fbcdn.net",
        "https://evil.com?.fbcdn.net",
        "https://evil.com\\.fbcdn.net/x",
        "https://x.fbcdn.net\\@evil.com/x",
        "https://x.fbcdn.net@evil.com/x",
        "https://user:pw@x.fbcdn.net/x",
        "https://@x.fbcdn.net/x",
        "https://x.fbcdn.net:443/x",
        "https://x.fbcdn.net:8080/x",
        "https://x.fbcdn.net:/x",
        "https://x.fbcdn.net./x",
        "https://.fbcdn.net/x",
        "https://..fbcdn.net/x",
        "https://-x.fbcdn.net/x",
        "https://x_y.fbcdn.net/x",
        "https://x%2e.fbcdn.net/x",
        "https://x.fbcdn。net/x",
        "https://х.fbcdn.net/x",
        "https://xn--80a.fbcdn.net/x",
        "https://lookaside.fbsbx.com\n.evil.com/x",
        " https://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com/x y",
        "https://lookaside.fbsbx.com/\u202ex",
        "https://127.0.0.1/x",
        "https://2130706433/x",
        "https://0x7f000001/x",
        "https://0177.0.0.1/x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[x.fbcdn.net/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/x",
        "https://" + "a." * 200 + "fbcdn.net/x",
        "https://x.fbcdn.net/" + "a" * 5_000,
        "javascript:alert(1)",
        "file:///etc/passwd",
    ],
)
def test_no_other_address_is_fetched(address):
    assert not is_allowed_address(address)


@given(st.text())
def test_any_text_can_be_asked_for_as_an_address(text):
    assert not is_allowed_address(text)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("photos/file_3.jpg", True),
        ("documents/file_0", True),
        ("", False),
        ("/etc/passwd", False),
        ("../../bot/x", False),
        ("photos/../x", False),
        ("photos//x", False),
        ("photos/x?y=1", False),
        ("photos/x#y", False),
        ("photos/%2e%2e/x", False),
        ("https://evil.com/x", False),
        ("@evil.com/x", False),
        ("photos\\x", False),
        ("photos/x\n", False),
    ],
)
def test_a_path_of_telegram_stays_below_its_address(path, allowed):
    assert is_file_path(path) is allowed


def test_caps_are_the_providers():
    assert MAX_BYTES == {"telegram": 20 * 1024**2, "instagram": 25 * 1024**2}


def zipped(name):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, "x")
    return content.getvalue()


OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("start", "name", "kind"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a.png", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0", "", "image/png"),
        (b"GIF89a\x01\0<script>", "", "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "", "image/webp"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "", "audio/wav"),
        (b"RIFF\x10\0\0\0AVI LIST", "", "video/x-msvideo"),
        (b"RIFF\x10\0\0\0JUNK", "", "application/octet-stream"),
        (b"\0\0\0\x18ftypmp42\0\0", "", "video/mp4"),
        (b"\0\0\0\x18ftypM4A \0\0", "", "audio/mp4"),
        (b"\0\0\0\x18ftypqt  \0\0", "", "video/quicktime"),
        (b"\0\0\0\x18ftypheic\0\0", "", "image/heic"),
        (b"OggS\0\x02", "", "audio/ogg"),
        (b"ID3\x04\0", "", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "", "audio/aac"),
        (b"#!AMR\n", "", "audio/amr"),
        (b"\x1aE\xdf\xa3", "", "video/webm"),
        (b"%PDF-1.7\n", "", "application/pdf"),
        (zipped("a"), "a.zip", "application/zip"),
        (zipped("a"), "نامه.DOCX", f"{OFFICE}wordprocessingml.document"),
        (zipped("a"), "a.xlsx", f"{OFFICE}spreadsheetml.sheet"),
        (zipped("a"), "a.apk", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "application/msword"),
        (gzip.compress(b"{}"), "a.tgs", "application/gzip"),
        (b"<html><script>alert(1)</script>", "a.jpg", "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "", "text/plain"),
        (b"<?xml version='1.0'?><svg/>", "a.svg", "text/plain"),
        (b"\xef\xbb\xbf<html>", "a.html", "text/plain"),
        (b"alert(1)", "a.js", "text/plain"),
        ("سلام".encode(), "a.txt", "text/plain"),
        (("سلام" * START).encode()[: START + 1], "", "text/plain"),
        ("سلام".encode()[:-1], "", "application/octet-stream"),
        ("<html>".encode("utf-16"), "a.html", "application/octet-stream"),
        (b"MZ\x90\0", "a.exe", "application/octet-stream"),
        (b"", "a.txt", "application/octet-stream"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_a_file_is_what_its_first_bytes_say(start, name, kind):
    assert type_of(start, name) == kind


@given(st.binary(), st.text())
def test_nothing_of_a_stranger_is_a_page_or_a_script(start, name):
    kind = type_of(start, name)
    assert not any(word in kind for word in ("html", "svg", "xml;", "script", "xhtml"))
    assert kind.split("/")[1] != "xml"


@pytest.mark.parametrize(
    ("name", "mime", "saved"),
    [
        ("رسید ۱۴۰۵.pdf", "application/pdf", "رسید ۱۴۰۵.pdf"),
        ("می‌خواهم.jpg", "image/jpeg", "می‌خواهم.jpg"),
        ("IMG_0042.JPG", "image/jpeg", "IMG_0042.jpg"),
        ("IMG.jpeg", "image/jpeg", "IMG.jpeg"),
        ("", "image/jpeg", "file.jpg"),
        (".jpg", "image/jpeg", "jpg.jpg"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("C:\\Windows\\evil.exe", "application/octet-stream", "evil.exe"),
        ("invoice\u202egpj.exe", "application/octet-stream", "invoicegpj.exe"),
        ("a\u2066b\u2069\u200e.pdf", "application/pdf", "ab.pdf"),
        ("page.html", "text/plain", "page.html.txt"),
        ("drawing.svg", "text/plain", "drawing.svg.txt"),
        ("photo.png", "image/jpeg", "photo.png.jpg"),
        ("a\0b\nc\x7f.txt", "text/plain", "abc.txt"),
        ('a<b>:"|?*c.pdf', "application/pdf", "a_b______c.pdf"),
        (" . ", "application/octet-stream", "file"),
        ("...", "image/png", "file.png"),
        ("\ud800.png", "image/png", "png.png"),
        ("README", "application/octet-stream", "README"),
    ],
)
def test_a_name_is_saved_without_path_and_marks_and_with_its_true_ending(
    name, mime, saved
):
    assert safe_name(name, mime) == saved


@given(
    st.text(),
    st.sampled_from(["image/jpeg", "text/plain", "application/octet-stream"]),
)
def test_any_name_becomes_one_of_a_file(name, mime):
    saved = safe_name(name * 20, mime)
    assert 0 < len(saved.encode()) <= MAX_NAME
    assert saved == saved.strip()
    assert not set(saved) & set('/\\<>:"|?*\0\n\r\t\u202e\u200e')
    assert not saved.startswith(".")
    if mime == "image/jpeg":
        assert saved.endswith((".jpg", ".jpeg", ".jfif"))
