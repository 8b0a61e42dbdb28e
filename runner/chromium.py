"""Chromium for browser tests: the machine's own, else Debian's in the home."""

import shutil
from pathlib import Path
from xml.sax.saxutils import escape

from .debian import unpack
from .failure import RunnerError

_NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
_WRAPPER = """#!/bin/sh
# Chromium unpacked beside the system: its libraries, fonts and settings are in here.
root={root}
for folder in "$root"/usr/lib/*-linux-gnu* "$root"/lib/*-linux-gnu*; do
    LD_LIBRARY_PATH="$folder:$folder/nss:$folder/pulseaudio:$LD_LIBRARY_PATH"
done
export LD_LIBRARY_PATH FONTCONFIG_FILE="$root/program/fonts.conf"
exec "$root/usr/lib/chromium/chromium" "$@"
"""
# Of what Chromium needs only that is fetched which the machine lacks: its fonts may be
# on either side. Without any font Chromium ends at the first letter.
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
    <dir>/usr/share/fonts</dir>
    <dir>{root}/usr/share/fonts</dir>
    <cachedir>{root}/fontcache</cachedir>
    <alias>
        <family>sans-serif</family>
        <prefer><family>DejaVu Sans</family></prefer>
    </alias>
</fontconfig>
"""


def on_path():
    """The machine's own Chromium or Chrome as Odoo's tests would find it, or None."""
    found = [shutil.which(name) for name in _NAMES]
    return next((path for path in found if path), None)


def program_folders(home):
    """Folders to put on PATH so that Odoo's tests find a browser (list)."""
    return [] if on_path() else [home.chromium / "program"]


def fetch(home, debian):
    """Fetch Chromium and what it needs into the home.

    :param Home home: where
    :param Debian debian: the private apt
    """
    with home.fresh_folder(home.chromium) as fresh:
        packages = fresh / "packages"
        packages.mkdir()
        debian.fetch_with_dependencies(["chromium", "fonts-dejavu-core"], packages)
        unpack(sorted(packages.glob("*.deb")), fresh)
        shutil.rmtree(packages)
        if not (fresh / "usr/lib/chromium/chromium").exists():
            raise RunnerError(
                "Debian's chromium did not contain the program.",
                "Install Chromium or Chrome, so that it is on PATH, and start again.",
            )
        wrapper = fresh / "program" / "chromium"
        wrapper.parent.mkdir()
        wrapper.write_text(_WRAPPER.format(root=_quoted(home.chromium)))
        wrapper.chmod(0o755)
        fonts = _FONTS.format(root=escape(str(home.chromium)))
        (fresh / "program" / "fonts.conf").write_text(fonts)


def _quoted(path):
    return "'" + str(Path(path)).replace("'", "'\\''") + "'"
