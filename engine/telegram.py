"""Telegram's Bot API: what it tells, what it is asked, what it answers."""

from .telegram_sending import (
    answer_callback,
    read_answer,
    send_calls,
    split_message,
    upload_of,
)
from .telegram_updates import read_body

__all__ = [
    "answer_callback",
    "read_answer",
    "read_body",
    "send_calls",
    "split_message",
    "upload_of",
]
