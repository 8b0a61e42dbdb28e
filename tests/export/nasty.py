"""Texts that break tables, spreadsheets, databases and screens."""

from itertools import cycle, islice, product

from .export_case import FORMULAS

_PLAIN = [
    *("undef", "null", "None", "NaN", "nil", "TRUE", "false", "0", "1", "-0", "1/0"),
    *("1e5", "1E+25", "0x10", "0912", "00123", "1,234.5", "1.234,5", "۱۲۳", "٠١٢"),
    *("2024-01-02", "1403/01/02", "1-2", "3/4", "JAN1", "12:30", "١٤٠٣/١/٢"),
    *('"', "''", '""', '"a"', "a,b", "a;b", "a\tb", "a|b", "a\nb", "a\n\nb", '"\n"'),
    *("\\", "\\n", "\\.", "\\N", "a\\", "%s", "%(a)s", "{0}", "{{7*7}}", "${7}"),
    *("<script>alert(1)</script>", "<b>", "&amp;", "&#10;", "]]>", "<!--", "<?xml?>"),
    *("'; DROP TABLE res_partner; --", "' OR '1'='1", "/*", "--", "$$", "E'\\x'"),
    *("../../etc/passwd", "C:\\con", "http://x.example", "mailto:a@b.c", "file:///"),
    *("_x0041_", "_x000D_", "_x005F_x0041_", "_x", "x0041_", "sep=;", "ID", "PK"),
    *("علی", "علي", "می‌خواهم", "كتاب", "سلام، دنیا", "؛", "«نقل»", "ﷺ", "۱۲٫۵", "٪"),
    *(
        "שלום",
        "你好",
        "日本語",
        "한국어",
        "ไทย",
        "Ω≈ç",
        "ß",
        "İ",
        "ı",
        "ﬁ",
        "Å",
        "A\u030a",
    ),
    *("😀", "👨‍👩‍👧", "🏳️‍🌈", "\U0001f468\U0001f3fd", "\U00020000", "¯\\_(ツ)_/¯"),
    *("a b", "a\u00a0b", "a\u3000b", "a\u2028b", "a\u2029b", "ﾃｽﾄ", "​", "．", "…"),
]
_MARKS = [
    "\u200b",
    "\u200e",
    "\u200f",
    "\u202e",
    "\ufeff",
    "\u0007",
    "\u00ad",
    "\u2066",
]
_AROUND = ["", "x", "علی ", "'", '"', "=", "\n", "۱"]


def nasty_texts(count):
    """So many texts, all different where there are enough: list of str."""
    base = [*FORMULAS, *_PLAIN, *(f"a{mark}b" for mark in _MARKS)]
    made = [
        f"{before}{text}{after}"
        for before, text, after in product(_AROUND, base, _AROUND)
    ]
    found = [*base, *made]
    return list(islice(cycle(dict.fromkeys(found)), count))
