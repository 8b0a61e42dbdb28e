"""The kinds of triggers and nodes of a workflow, as two tables of data.

One table drives the check of a definition, the editor, the outline and the log; words
for people are the rooms' matter. ``Setting.kind`` says how a value looks:

text (a template where ``template``), number (whole, from ``least`` to ``most``), choice
(of ``options``), flag, words (list of str), names (list of keys), record (its id; only
files have words, see engine.workflow_file), field (key of a custom
field or basic name), domain (text of a condition), duration ({"amount": 2, "unit":
"minutes" | "hours" | "days" | "weeks"}), clock ("HH:MM", local), weekdays (list of 0-6,
Monday first), choices (list of {"label", "value"}; in the answers of a condition the
label is the id of a question, the value what was answered), url.
"""

from dataclasses import dataclass

from .workflow_words import EXIT_WORDS, SKIP_WORDS


@dataclass(frozen=True)
class Setting:
    """One thing that a kind is told.

    :param name: key in the definition
    :param kind: how its value looks, see above
    :param required: the workflow cannot be published without it
    :param default: when it is not there
    :param options: of a choice
    :param model: of a record or of names
    :param template: ``{field}`` stands for a value of the customer
    """

    name: str
    kind: str
    required: bool = False
    default: object = None
    options: tuple = ()
    model: str = ""
    least: int = 0
    most: int = 1_000_000
    template: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of trigger or node.

    :param name: code in the definition
    :param settings: what it is told
    :param edges: names of its ways out, the usual one first
    :param group: palette: message, wait, decide, change, people
    """

    name: str
    settings: tuple = ()
    edges: tuple = ()
    group: str = ""

    def setting(self, name):
        """The setting of a name (Setting), or ``None``."""
        return next((one for one in self.settings if one.name == name), None)


# Dates that the machine keeps of each customer, besides the date fields of the shop.
KEPT_DATES = ("customer_since", "last_contacted_at", "last_purchase_at")
CHANNELS = ("telegram", "instagram", "email")
ANSWER_TYPES = (
    "text",
    "number",
    "email",
    "phone",
    "date",
    "datetime",
    "yes_no",
    "choice",
    "file",
)

_TAG = Setting("tag", "record", required=True, model="res.partner.category")
_SEGMENT = Setting("segment", "record", required=True, model="mini_crm.segment")
_CHANNEL = Setting("channel", "choice", default="", options=("", *CHANNELS))

TRIGGERS = {
    kind.name: kind
    for kind in (
        Kind(
            "message_received",
            (
                Setting("channels", "names", default=()),
                Setting("words", "words", default=()),
                Setting(
                    "match",
                    "choice",
                    default="word",
                    options=("word", "whole", "start"),
                ),
            ),
        ),
        Kind("customer_created"),
        Kind("tag_added", (_TAG,)),
        Kind(
            "score_changed",
            (
                Setting("by", "number", least=1, most=100),
                Setting("crosses", "number", least=1, most=100),
                Setting(
                    "direction",
                    "choice",
                    default="any",
                    options=("any", "up", "down"),
                ),
            ),
        ),
        Kind("segment_entered", (_SEGMENT,)),
        Kind("segment_left", (_SEGMENT,)),
        Kind("field_updated", (Setting("fields", "names", required=True),)),
        Kind(
            "task_completed",
            (Setting("activity_type", "record", model="mail.activity.type"),),
        ),
        Kind("purchase_made", (Setting("at_least", "number", default=0),)),
        Kind(
            "birthday",
            (
                Setting("days_before", "number", default=0, most=60),
                Setting("at", "clock", default="09:00"),
            ),
        ),
        Kind(
            "inactive", (Setting("days", "number", required=True, least=1, most=3650),)
        ),
        Kind(
            "schedule",
            (
                Setting(
                    "every",
                    "choice",
                    default="week",
                    options=("day", "week", "month"),
                ),
                Setting("weekdays", "weekdays", default=(0,)),
                Setting("day", "number", default=1, least=1, most=31),
                Setting("at", "clock", default="09:00"),
            ),
        ),
        Kind("by_hand"),
    )
}

_TEXT = Setting("text", "text", required=True, template=True)

NODES = {
    kind.name: kind
    for kind in (
        Kind(
            "send",
            (_TEXT, _CHANNEL, Setting("subject", "text", template=True)),
            ("next", "not_sent"),
            "message",
        ),
        Kind(
            "ask",
            (
                _TEXT,
                _CHANNEL,
                Setting("answer", "choice", default="text", options=ANSWER_TYPES),
                Setting("choices", "choices", default=()),
                Setting("save_to", "field"),
                Setting("attempts", "number", default=3, least=1, most=10),
                Setting("invalid_text", "text", template=True),
                Setting("skip_words", "words", default=SKIP_WORDS),
                Setting("exit_words", "words", default=EXIT_WORDS),
                Setting("wait", "duration", default={"amount": 1, "unit": "days"}),
                Setting("remind_after", "duration"),
                Setting("remind_text", "text", template=True),
            ),
            (
                "answered",
                "invalid",
                "timeout",
                "skipped",
                "stopped",
                "taken_over",
                "window_closed",
                "not_sent",
            ),
            "message",
        ),
        Kind(
            "delay",
            (
                Setting(
                    "by",
                    "choice",
                    default="duration",
                    options=("duration", "clock", "date"),
                ),
                Setting("duration", "duration", default={"amount": 1, "unit": "days"}),
                Setting("at", "clock", default="09:00"),
                Setting("weekdays", "weekdays", default=(0, 1, 2, 3, 4, 5, 6)),
                Setting("date", "field"),
                Setting("days", "number", default=0, least=-365, most=365),
                Setting("yearly", "flag", default=False),
            ),
            ("next", "missing"),
            "wait",
        ),
        Kind(
            "condition",
            (
                Setting("match", "choice", default="all", options=("all", "any")),
                Setting("domain", "domain"),
                Setting("words", "words", default=()),
                Setting("answers", "choices", default=()),
            ),
            ("yes", "no"),
            "decide",
        ),
        Kind(
            "split",
            (Setting("share", "number", default=50, least=1, most=99),),
            ("a", "b"),
            "decide",
        ),
        Kind(
            "set_field",
            (
                Setting("field", "field", required=True),
                Setting("value", "text", template=True),
            ),
            ("next", "invalid"),
            "change",
        ),
        Kind("add_tag", (_TAG,), ("next",), "change"),
        Kind("remove_tag", (_TAG,), ("next",), "change"),
        Kind("add_to_segment", (_SEGMENT,), ("next",), "change"),
        Kind("remove_from_segment", (_SEGMENT,), ("next",), "change"),
        Kind(
            "create_task",
            (
                Setting("summary", "text", required=True, template=True),
                Setting("note", "text", template=True),
                Setting("activity_type", "record", model="mail.activity.type"),
                Setting("days", "number", default=0, most=365),
                Setting("user", "record", model="res.users"),
            ),
            ("next",),
            "people",
        ),
        Kind(
            "hand_over",
            (
                Setting("user", "record", model="res.users"),
                Setting("note", "text", template=True),
            ),
            ("next",),
            "people",
        ),
        Kind(
            "webhook",
            (
                Setting("url", "url", required=True),
                Setting("fields", "names", default=()),
            ),
            ("next",),
            "change",
        ),
    )
}


def filled(given: dict, kind: Kind) -> dict:
    """What a trigger or node is told, with defaults, as JSON: {setting: value}.

    :param given: the trigger or node; ``None`` and an empty text are no value
    """
    return {
        setting.name: or_default(given.get(setting.name), setting.default)
        for setting in kind.settings
    }


def or_default(value, default):
    """A value, or its default as JSON has it, of its own, where it says nothing."""
    if value not in (None, ""):
        return value
    if isinstance(default, tuple):
        return list(default)
    return dict(default) if isinstance(default, dict) else default
