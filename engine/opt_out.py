"""Words by which customers stop messages, and have them again, in both languages."""

import re

from .text import match_key

# A question or a sentence with such a word in it is for a person to read.
_AROUND = re.compile(r"^[\s\"'«»“”*_/.,،!؛;:()\[\]-]+|[\s\"'«»“”*_.,،!؛;:()\[\]-]+$")
_COMMAND = re.compile(r"\s*(/\w+)@\w+\s*")
_MAX = 60  # characters; no such word is longer

_OUT = """
stop
stopall
stop all
stop messages
stop sending
stop sending messages
stop texting me
please stop
unsubscribe
unsubscribe me
opt out
opt-out
optout
remove me
no more messages
don't message me
do not message me
لغو
لغو ۱۱
لغو۱۱
لغو عضویت
لغو اشتراک
لغو دریافت
لغو پیام
لغو ارسال
انصراف
انصراف از عضویت
حذف عضویت
حذف اشتراک
قطع پیام
توقف
توقف پیام
توقف ارسال
استاپ
پیام نده
پیام ندهید
پیام نفرست
پیام نفرستید
دیگر پیام نده
دیگر پیام ندهید
دیگه پیام نده
دیگه پیام ندید
دیگر پیام نفرستید
ارسال نکن
ارسال نکنید
لطفا پیام ندهید
لطفا پیام نفرستید
"""
_IN = """
start
start again
unstop
subscribe
subscribe again
resubscribe
opt in
opt-in
optin
شروع
شروع دوباره
شروع مجدد
عضویت
عضویت دوباره
عضویت مجدد
اشتراک
اشتراک دوباره
اشتراک مجدد
عضو می‌شوم
عضو میشوم
لغو انصراف
دوباره پیام بده
دوباره پیام بدهید
استارت
"""


def _key(text: str) -> str:
    return match_key(text).replace(" ", "").replace("’", "'")


# To who is being asked something it says "cancel", to nobody else.
_CANCELS = {_key("انصراف")}
_WORDS = {
    **{_key(word): "out" for word in _OUT.split("\n") if word},
    **{_key(word): "in" for word in _IN.split("\n") if word},
}


def read_word(text: str) -> str | None:
    """Whether a message as a whole is such a word: ``"out"``, ``"in"`` or ``None``.

    Case, the forms of Persian letters and digits, spaces, the half-space and marks
    around the word make no difference; a question mark does.

    ``"in"`` counts only for who has opted out: everybody presses "/start" to meet a
    bot, and "start" says nothing from who was never gone. Whoever calls knows that.
    """
    bare = _bare(text)
    return _WORDS.get(_key(bare)) if bare else None


def may_cancel(text: str) -> bool:
    """Whether a message that opts out may only cancel what its author is being asked.

    Whoever asks knows whether it does.
    """
    return _key(_bare(text)) in _CANCELS


def _bare(text: str) -> str:
    """A message without the marks around it; empty: it is longer than any word."""
    if not text or len(text) > 4 * _MAX:
        return ""
    command = _COMMAND.fullmatch(text)  # "/stop@shop_bot" is how Telegram may write it
    bare = _AROUND.sub("", command[1] if command else text)
    return bare if len(bare) <= _MAX else ""
