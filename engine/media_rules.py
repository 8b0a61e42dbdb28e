"""Files that customers send: from where, how much, what they are, how they are called.

What comes with a webhook is a stranger's: an address could be of a machine within the
shop's own network, a picture could be a page with a script, a name could be a path.
"""

import re
import unicodedata
from urllib.parse import urlsplit

MEBIBYTE = 1024 * 1024
MAX_BYTES = {"telegram": 20 * MEBIBYTE, "instagram": 25 * MEBIBYTE}
MAX_NAME = 120  # bytes of UTF-8, so that any file system takes it
START = 4_096  # bytes of a file that tell what it is
MAX_ADDRESS = 4_096  # characters

_HOSTS = frozenset(("lookaside.fbsbx.com",))
_HOST_ENDS = (".cdninstagram.com", ".fbcdn.net")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
_ADDRESS = re.compile(r"https://[!-~]+", re.IGNORECASE)
_FILE_PATH = re.compile(
    r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*"
)

# Where


def is_allowed_address(address: str) -> bool:
    """Whether a file of Instagram may be fetched from an address.

    Only https to Meta's own hosts for files: no login, no port, no number for a name,
    no letters of other scripts that look alike.
    """
    if len(address) > MAX_ADDRESS or not _ADDRESS.fullmatch(address):
        return False
    if "\\" in address:
        return False
    try:
        place = urlsplit(address).netloc.lower()
    except ValueError:
        return False
    if len(place) > 253 or not _HOST.fullmatch(place):
        return False
    labels = place.split(".")
    if any(label.startswith("xn--") for label in labels):
        return False
    return place in _HOSTS or place.endswith(_HOST_ENDS)


def is_file_path(path: str) -> bool:
    """Whether a ``file_path`` of Telegram is one: it becomes part of an address."""
    return len(path) <= 500 and bool(_FILE_PATH.fullmatch(path))


# What

# (offset, first bytes, type); the more special ones first
_SIGNS = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"avif": "image/avif",
}
_OFFICE = "application/vnd.openxmlformats-officedocument."
# A container's type by the end of its name; nothing of these runs in a browser.
_BY_NAME = {
    ("application/zip", "docx"): f"{_OFFICE}wordprocessingml.document",
    ("application/zip", "xlsx"): f"{_OFFICE}spreadsheetml.sheet",
    ("application/zip", "pptx"): f"{_OFFICE}presentationml.presentation",
    ("application/x-ole-storage", "doc"): "application/msword",
    ("application/x-ole-storage", "xls"): "application/vnd.ms-excel",
    ("application/x-ole-storage", "ppt"): "application/vnd.ms-powerpoint",
}


def type_of(start: bytes, name: str = "") -> str:
    """What a file is, by its first bytes; never by what its sender says.

    Pages, drawings and scripts (HTML, SVG, XML, JavaScript) are ``text/plain``: a
    browser runs nothing of it.

    :param start: the first ``START`` bytes, or all of them
    :param name: tells which office program a container is of
    """
    kind = _by_signs(start[:START])
    return _BY_NAME.get((kind, _ending(name)), kind)


def _by_signs(start: bytes) -> str:
    for offset, sign, kind in _SIGNS:
        if start.startswith(sign, offset):
            return kind
    if start.startswith(b"RIFF") and start[8:12] in _RIFF:
        return _RIFF[start[8:12]]
    if start[4:8] == b"ftyp":
        return _BRANDS.get(start[8:12], "video/mp4")
    if len(start) > 2 and start[0] == 0xFF:
        if start[1] & 0xF6 == 0xF0:
            return "audio/aac"
        if start[1] & 0xE6 == 0xE2:  # layer III; a text in UTF-16 begins much the same
            return "audio/mpeg"
    return "text/plain" if _is_text(start) else "application/octet-stream"


def _is_text(start: bytes) -> bool:
    """Whether bytes are UTF-8 without control characters; cut off anywhere."""
    if not start or re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", start):
        return False
    try:
        start.decode()
    except UnicodeDecodeError as error:
        # a character of four bytes may be cut off by the end
        return len(start) == START and error.start >= START - 3
    return True


# How it is called

_ENDINGS = {
    "image/jpeg": ("jpg", "jpeg", "jfif"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/tiff": ("tif", "tiff"),
    "image/heic": ("heic",),
    "image/heif": ("heif",),
    "image/avif": ("avif",),
    "audio/ogg": ("ogg", "oga", "opus", "ogv"),
    "audio/flac": ("flac",),
    "audio/mpeg": ("mp3", "mpga"),
    "audio/mp4": ("m4a", "m4b"),
    "audio/aac": ("aac",),
    "audio/amr": ("amr",),
    "audio/wav": ("wav",),
    "video/mp4": ("mp4", "m4v", "3gp"),
    "video/webm": ("webm", "mkv"),
    "video/quicktime": ("mov",),
    "video/x-msvideo": ("avi",),
    "application/pdf": ("pdf",),
    "application/zip": ("zip",),
    "text/plain": ("txt", "csv", "md", "log", "vcf", "json"),
    **{kind: (ending,) for (_container, ending), kind in _BY_NAME.items()},
}
_FORBIDDEN = re.compile(r'[<>:"|?*/\\]')


def safe_name(name: str, mime: str, fallback: str = "file") -> str:
    """A name to save a file by: without a path, and honest about what it is.

    :param name: as the sender calls it, or empty
    :param mime: what ``type_of`` has found; the name gets its ending
    :param fallback: for a file without a name; plain ASCII
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(each for each in last if not _is_hidden(each))
    shown = " ".join(_FORBIDDEN.sub("_", shown).split()).strip(". ")
    shown = unicodedata.normalize("NFC", shown) or fallback
    endings = _ENDINGS.get(mime, ())
    ending = _ending(shown)
    if endings and ending not in endings:
        ending = endings[0]
        return f"{_short(shown, MAX_NAME - len(ending) - 1)}.{ending}"
    if not ending:
        return _short(shown, MAX_NAME)
    stem = _short(shown[: -len(ending) - 1], MAX_NAME - len(ending.encode()) - 1)
    return f"{stem or fallback}.{ending}"


def _is_hidden(letter: str) -> bool:
    """Control and direction marks; half-space and joiner are spelling."""
    return unicodedata.category(letter)[0] == "C" and letter not in "\u200c\u200d"


def _ending(name: str) -> str:
    """The ending of a name in lower case: up to 8 letters and digits, or empty."""
    found = re.search(r"\.([A-Za-z0-9]{1,8})$", name)
    return found[1].lower() if found else ""


def _short(text: str, limit: int) -> str:
    """As much of a text as has ``limit`` bytes."""
    return text.encode()[:limit].decode(errors="ignore").strip(". ")
