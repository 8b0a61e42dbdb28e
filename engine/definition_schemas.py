"""Custom fields, sections and industries in the API, as JSON schemas."""

from .fields import SLOT_COUNTS
from .schema_parts import list_of, object_of, text_of

KEY = {
    "type": "string",
    "pattern": "^[a-z][a-z0-9_]*$",
    "maxLength": 63,
    "description": "Name of a custom field for programs.",
    "examples": ["birth_date"],
}
TYPE = {"type": "string", "enum": list(SLOT_COUNTS)}
RULES = object_of(
    {
        "minimum": {"type": "number", "minimum": -1e15, "maximum": 1e15},
        "maximum": {"type": "number", "minimum": -1e15, "maximum": 1e15},
        "earliest": {
            "type": "string",
            "format": "date",
            "pattern": r"^\d{4}-\d\d-\d\d$",
        },
        "latest": {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"},
        "min_length": {"type": "integer", "minimum": 0, "maximum": 10_000},
        "max_length": {"type": "integer", "minimum": 1, "maximum": 10_000},
        "pattern": {"type": "string", "minLength": 1, "maxLength": 500},
    },
    description="What a value must keep to; pattern is RE2 and matches the whole text.",
)
_LABEL = {"type": "string", "minLength": 1, "maxLength": 120, "pattern": r"\S"}
_LABELS = {
    "type": "object",
    "maxProperties": 50,
    "additionalProperties": _LABEL,
    "description": "Label by code of an installed language.",
    "examples": [{"en_US": "Birthday", "fa_IR": "تولد"}],
}
_CODE = {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$", "maxLength": 64}
_COLOR = {"type": "integer", "minimum": 0, "maximum": 11}
OPTION = object_of(
    {
        "code": _CODE,
        "label": _LABEL,
        "labels": _LABELS,
        "color": _COLOR,
        "active": {"type": "boolean"},
    },
    required=("code",),
)
_SHOWN = {
    f"show_in_{place}": {"type": "boolean"}
    for place in ("form", "list", "card", "filter")
}
_CHANGEABLE = {
    "label": _LABEL,
    "labels": _LABELS,
    "role": {"type": ["string", "null"], "enum": ["birthday", None]},
    "section": {"type": ["string", "null"], "maxLength": 63},
    "required": {"type": "boolean"},
    "help": text_of("Shown beside the field.", 500),
    "placeholder": text_of("Shown while the field is empty."),
    "rules": RULES,
    "options": {
        **list_of(OPTION, 200),
        "description": "All choices in order; those left out are archived.",
    },
    **_SHOWN,
}
FIELD_CREATE = object_of(
    {"key": KEY, "type": TYPE, **_CHANGEABLE},
    required=("key", "type", "label"),
    examples=[{"key": "is_vip", "type": "boolean", "label": "VIP"}],
)
FIELD_CHANGE = object_of(_CHANGEABLE, minProperties=1)
FIELD = object_of(
    {
        "key": {"type": "string"},
        "type": TYPE,
        "label": {"type": "string"},
        "role": {"type": ["string", "null"]},
        "section": {"type": ["string", "null"]},
        "required": {"type": "boolean"},
        "active": {"type": "boolean"},
        "help": {"type": ["string", "null"]},
        "placeholder": {"type": ["string", "null"]},
        "rules": {"type": "object"},
        "options": {
            "type": "array",
            "items": object_of(
                {
                    "code": {"type": "string"},
                    "label": {"type": "string"},
                    "color": {"type": "integer"},
                    "active": {"type": "boolean"},
                },
                required=("code", "label", "color", "active"),
            ),
        },
        "slot": {
            "type": ["string", "null"],
            "description": "Column of the customer; null: kept beside them.",
        },
        **_SHOWN,
    },
    required=("key", "type", "label", "section", "required", "active", "options"),
)
FIELDS = object_of({"items": {"type": "array", "items": FIELD}}, required=("items",))
ORDER = object_of(
    {
        "keys": {
            **list_of({"type": "string", "maxLength": 63}, 500, 1),
            "uniqueItems": True,
            "description": "Fields in their new order; others follow behind.",
        }
    },
    required=("keys",),
)
SECTION = object_of(
    {
        "key": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": 63},
        "name": _LABEL,
        "sequence": {"type": "integer", "minimum": 0, "maximum": 100_000},
    },
    required=("key", "name"),
)
SECTION_ANSWER = object_of(
    {
        "key": {"type": "string"},
        "name": {"type": "string"},
        "sequence": {"type": "integer"},
    },
    required=("key", "name", "sequence"),
)
SECTIONS = object_of(
    {"items": {"type": "array", "items": SECTION_ANSWER}}, required=("items",)
)
INDUSTRY = object_of(
    {
        "key": {"type": "string"},
        "name": {"type": "string"},
        "description": {"type": ["string", "null"]},
        "fields": {"type": "array", "items": {"type": "string"}},
    },
    required=("key", "name", "fields"),
)
INDUSTRIES = object_of(
    {"items": {"type": "array", "items": INDUSTRY}}, required=("items",)
)
