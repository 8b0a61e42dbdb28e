"""Names of custom fields for programs, made of their labels."""

import re
import unicodedata
from itertools import count

# Persian as people spell it in Latin letters; vowels that are not written are lost.
_LATIN = {
    "آ": "a", "ا": "a", "أ": "a", "إ": "e", "ب": "b", "پ": "p", "ت": "t", "ث": "s",
    "ج": "j", "چ": "ch", "ح": "h", "خ": "kh", "د": "d", "ذ": "z", "ر": "r", "ز": "z",
    "ژ": "zh", "س": "s", "ش": "sh", "ص": "s", "ض": "z", "ط": "t", "ظ": "z", "ع": "a",
    "غ": "gh", "ف": "f", "ق": "gh", "ک": "k", "ك": "k", "گ": "g", "ل": "l", "م": "m",
    "ن": "n", "و": "v", "ه": "h", "ة": "h", "ی": "i", "ي": "i", "ئ": "i", "ؤ": "o",
}  # fmt: skip
_PERSIAN = str.maketrans(_LATIN)
MAX_KEY = 40


def field_key(label, taken, fallback):
    """A key that nobody uses yet, such as ``shoe_size`` for "Shoe size".

    :param str label: in any language
    :param taken: container of str, the keys in use
    :param str fallback: for a label without any Latin or Persian letter
    :rtype: str
    """
    latin = unicodedata.normalize("NFKD", label.translate(_PERSIAN))
    plain = latin.encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:MAX_KEY].rstrip("_")
    if not stem or not stem[0].isalpha():
        stem = f"{fallback}_{stem}".rstrip("_")[:MAX_KEY]
    if stem not in taken:
        return stem
    return next(key for n in count(2) if (key := f"{stem}_{n}") not in taken)
