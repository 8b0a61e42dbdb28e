"""Instagram's messaging: what it tells, what it is asked, what it answers."""

from .instagram_events import read_body
from .instagram_sending import read_answer, send_calls, split_message

__all__ = ["read_answer", "read_body", "send_calls", "split_message"]
