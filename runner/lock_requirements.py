"""Renews the two lists of pinned packages; for maintainers, needs `uv` on PATH.

    python3 -m runner.lock_requirements

requirements-dev.txt holds only what requirements.txt does not, because `venv-dev` lies
on top of `venv`.
"""

import subprocess
import tempfile
from pathlib import Path

_HERE = Path(__file__).parent
# Left out: what num2words needs for its command line only (and is no wheel), and what
# geoip2 needs for its web service only (and brings six more).
_OVERRIDES = "docopt ; python_version < '3'\naiohttp ; python_version < '3'\n"
_HEADER = "# Written by runner/lock_requirements.py from {name}.in; do not edit.\n"


def entries(text):
    """Split a compiled list into its entries, each with its hashes.

    :param str text: content of a compiled list
    :returns: dict of requirement line (str) -> whole entry (str)
    """
    found, name = {}, None
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            name = line.rstrip(" \\\n")
            found[name] = ""
        if name:
            found[name] += line
    return found


def _compile(sources, folder, *constraints):
    overrides = folder / "overrides.txt"
    overrides.write_text(_OVERRIDES, encoding="utf-8")
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    command += [
        "--python-version",
        "3.10",
        "--no-build",
        "--no-header",
        "--no-annotate",
    ]
    command += ["--no-emit-index-url", "--override", str(overrides)]
    for constraint in constraints:
        command += ["--constraint", str(constraint)]
    done = subprocess.run(
        [*command, *map(str, sources)], check=True, stdout=subprocess.PIPE, text=True
    )
    return entries(done.stdout)


def main():
    """Write both lists."""
    product_in, dev_in = _HERE / "requirements.in", _HERE / "requirements-dev.in"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        product = _compile([product_in], folder)
        product_txt = _HERE / "requirements.txt"
        header = _HEADER.format(name="requirements")
        product_txt.write_text(header + "".join(product.values()), encoding="utf-8")
        dev = _compile([product_in, dev_in], folder, product_txt)
    extra = [text for entry, text in dev.items() if entry not in product]
    header = _HEADER.format(name="requirements-dev")
    dev_txt = _HERE / "requirements-dev.txt"
    dev_txt.write_text(header + "".join(extra), encoding="utf-8")


if __name__ == "__main__":
    main()
