"""The product's colours can be read: WCAG 2.1 AA, 4.5:1 for text."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PALETTE = (ROOT / "static/src/shared/palette.scss").read_text()
COLOURS = dict(re.findall(r"--mini-crm-([a-z-]+): (#[0-9a-f]{3,6});", PALETTE))
TONES = ("primary", "success", "warning", "danger", "info", "vip", "inactive")
SPECIFIED = {
    "primary": "#2196f3",
    "success": "#4caf50",
    "warning": "#ff9800",
    "danger": "#f44336",
    "info": "#00bcd4",
    "vip": "#ffd700",
    "inactive": "#9e9e9e",
}
GROUNDS = re.findall(r"^ {4}(#[0-9a-f]{6}) (#[0-9a-f]{6})", PALETTE, re.MULTILINE)


def luminance(colour):
    """Relative luminance of "#rgb" or "#rrggbb" (WCAG 2.1), 0 to 1."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_fills_are_those_of_the_specification():
    assert {tone: COLOURS[tone] for tone in TONES} == SPECIFIED


@pytest.mark.parametrize("tone", TONES)
def test_tone_can_be_read(tone):
    assert contrast(COLOURS["ink"], COLOURS[tone]) >= 4.5, "dark text on the fill"
    text = COLOURS[f"{tone}-text"]
    assert contrast(text, "#fff") >= 4.5, "text on white"
    assert contrast(text, COLOURS[f"{tone}-tint"]) >= 4.5, "text on the tint"


@pytest.mark.parametrize("name", ["ink", "muted"])
def test_plain_text_can_be_read(name):
    for ground in ("card", "ground"):
        assert contrast(COLOURS[name], COLOURS[ground]) >= 4.5


def test_initials_can_be_read():
    assert len(GROUNDS) == 10
    for ground, letters in GROUNDS:
        assert contrast(ground, letters) >= 4.5, (ground, letters)


def test_stars_can_be_seen():
    assert contrast(COLOURS["star"], "#fff") >= 3
