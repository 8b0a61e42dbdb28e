"""What goes in and out of the API, as JSON schemas: for checking and for the document."""

from .fields import SLOT_COUNTS

MAX_ITEMS = 1_000
MAX_ID = 2**31 - 1

KEY = {
    "type": "string",
    "pattern": "^[a-z][a-z0-9_]*$",
    "maxLength": 63,
    "description": "Name of a custom field for programs.",
    "examples": ["birth_date"],
}
ID = {"type": "integer", "minimum": 1, "maximum": MAX_ID}
STATUSES = ("created", "updated", "unchanged", "failed")


def _text(description, limit=250, *, example=None):
    schema = {"type": ["string", "null"], "maxLength": limit}
    schema["description"] = description
    return {**schema, "examples": [example]} if example else schema


def _object(properties, *, required=(), **words):
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    return {**schema, **words}


def _list(items, limit=MAX_ITEMS, least=0):
    return {"type": "array", "items": items, "minItems": least, "maxItems": limit}


# Customers

CUSTOM = {
    "type": "object",
    "maxProperties": 300,
    "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    "description": "Custom fields by key. null empties a field.",
    "examples": [{"birth_date": "1990-05-17"}],
}
_CONTACT = {
    "name": {"type": "string", "minLength": 1, "maxLength": 250, "examples": ["Sara"]},
    "ref": _text("Your own key of the customer.", 100, example="C-17"),
    "email": _text("E-mail address.", 254, example="sara@example.com"),
    "phone": _text(
        "With + and country code, or national.", 60, example="+989121234567"
    ),
    "company_name": _text("Company that the customer works for."),
    "function": _text("Job."),
    "street": _text("Street and number."),
    "street2": _text("Second line of the address."),
    "city": _text("City.", 100),
    "zip": _text("Postal code.", 24),
    "country": _text("Two-letter code or name of a country.", 100, example="IR"),
    "lang": _text("Code of an installed language.", 40, example="fa_IR"),
    "source": _text("Where the customer came from first.", 100, example="Instagram"),
}
CUSTOMER_VALUES = _object(
    {**_CONTACT, "custom": CUSTOM},
    minProperties=1,
    description="What is left out stays as it is; null empties it.",
)
_MOMENT = {"type": "string", "format": "date-time"}
CUSTOMER = _object(
    {
        "id": ID,
        **{name: {"type": ["string", "null"]} for name in _CONTACT},
        "custom": {
            "type": "object",
            "description": "Custom fields in use by key.",
            "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
        },
        "extra": {
            "type": "object",
            "description": "Keys that belong to no custom field.",
        },
        "score": {"type": "integer", "minimum": 0, "maximum": 100},
        "health": {
            "type": ["string", "null"],
            "enum": ["green", "yellow", "red", None],
        },
        "stage": {"type": ["string", "null"]},
        "created_at": _MOMENT,
        "updated_at": _MOMENT,
    },
    required=("id", *_CONTACT, "custom", "extra", "score", "health", "stage"),
)
CUSTOMERS = _object(
    {
        "items": _list(CUSTOMER, 200),
        "next_cursor": {
            "type": ["string", "null"],
            "description": "cursor of the next page; null after the last one.",
        },
    },
    required=("items", "next_cursor"),
)

# Problems (RFC 9457)

ERROR = _object(
    {
        "pointer": {"type": "string", "description": "JSON pointer into the request."},
        "key": {
            "type": ["string", "null"],
            "description": "Field, if it is about one.",
        },
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
    required=("pointer", "key", "code", "detail"),
)
PROBLEM = _object(
    {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "The same in every language."},
        "errors": {"type": "array", "items": ERROR},
    },
    required=("type", "title", "status", "detail", "code", "errors"),
)

# Many at once

MODE = {
    "type": "string",
    "enum": ["all_or_nothing", "per_item"],
    "default": "all_or_nothing",
    "description": "Whether one wrong item refuses all, or only itself.",
}
UPSERT = _object(
    {
        "match": {
            "type": "string",
            "enum": ["ref", "phone", "email"],
            "description": "By what a customer is recognised; every item needs it.",
        },
        "mode": MODE,
        "items": _list(CUSTOMER_VALUES, least=1),
    },
    required=("match", "items"),
    examples=[
        {
            "match": "ref",
            "items": [{"ref": "C-17", "name": "Sara", "custom": {"is_vip": True}}],
        }
    ],
)
RESULT = _object(
    {
        "index": {"type": "integer", "minimum": 0},
        "status": {"type": "string", "enum": list(STATUSES)},
        "id": {"type": ["integer", "null"]},
        "errors": {"type": "array", "items": ERROR},
    },
    required=("index", "status", "id", "errors"),
)
RESULTS = _object(
    {
        **{status: {"type": "integer", "minimum": 0} for status in STATUSES},
        "items": {"type": "array", "items": RESULT},
    },
    required=(*STATUSES, "items"),
)
WHO = _object(
    {
        "id": ID,
        "ref": {"type": "string", "minLength": 1, "maxLength": 100},
        "phone": {"type": "string", "minLength": 1, "maxLength": 60},
        "email": {"type": "string", "minLength": 1, "maxLength": 254},
    },
    minProperties=1,
    maxProperties=1,
    description="One of id, ref, phone, email.",
    examples=[{"ref": "C-17"}],
)
_REFERENCE = {"type": "string", "pattern": r"^[!-~\u00a1-\uffff]+$", "maxLength": 100}
_DATE = {
    "type": "string",
    "maxLength": 40,
    "description": "Day, or time; without a zone that of the company.",
    "examples": ["2026-01-31T12:30:00Z"],
}
PURCHASE = _object(
    {
        "customer": WHO,
        "reference": {**_REFERENCE, "description": "Yours; entered once."},
        "date": _DATE,
        "amount": {
            "type": "number",
            "minimum": -1e12,
            "maximum": 1e12,
            "description": "A refund is negative.",
        },
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["EUR"]},
        "quantity": {"type": "number", "minimum": 0, "maximum": 1e9, "default": 1},
    },
    required=("customer", "reference", "date", "amount"),
)
PURCHASES = _object(
    {"mode": MODE, "items": _list(PURCHASE, least=1)}, required=("items",)
)
EVENT_TYPES = {
    "note": "note_added",
    "call": "call_logged",
    "message_received": "message_received",
    "message_sent": "message_sent",
}
EVENT = _object(
    {
        "customer": WHO,
        "external_key": {**_REFERENCE, "description": "Yours; logged once."},
        "type": {"type": "string", "enum": list(EVENT_TYPES)},
        "date": {**_DATE, "description": "When it happened; default now."},
        "text": {"type": "string", "maxLength": 2_000},
        "outcome": {
            "type": "string",
            "enum": ["answered", "no_answer", "call_back"],
            "description": "How a call ended.",
        },
        "automated": {
            "type": "boolean",
            "description": "Sent by a machine: counts as no interaction.",
        },
    },
    required=("customer", "external_key", "type"),
)
EVENTS = _object({"mode": MODE, "items": _list(EVENT, least=1)}, required=("items",))

# Definitions

TYPE = {"type": "string", "enum": list(SLOT_COUNTS)}
RULES = _object(
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
OPTION = _object(
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
    "help": _text("Shown beside the field.", 500),
    "placeholder": _text("Shown while the field is empty."),
    "rules": RULES,
    "options": {
        **_list(OPTION, 200),
        "description": "All choices in order; those left out are archived.",
    },
    **_SHOWN,
}
FIELD_CREATE = _object(
    {"key": KEY, "type": TYPE, **_CHANGEABLE},
    required=("key", "type", "label"),
    examples=[{"key": "is_vip", "type": "boolean", "label": "VIP"}],
)
FIELD_CHANGE = _object(_CHANGEABLE, minProperties=1)
FIELD = _object(
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
            "items": _object(
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
FIELDS = _object({"items": {"type": "array", "items": FIELD}}, required=("items",))
ORDER = _object(
    {
        "keys": {
            **_list({"type": "string", "maxLength": 63}, 500, 1),
            "uniqueItems": True,
            "description": "Fields in their new order; others follow behind.",
        }
    },
    required=("keys",),
)
SECTION = _object(
    {
        "key": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": 63},
        "name": _LABEL,
        "sequence": {"type": "integer", "minimum": 0, "maximum": 100_000},
    },
    required=("key", "name"),
)
SECTION_ANSWER = _object(
    {
        "key": {"type": "string"},
        "name": {"type": "string"},
        "sequence": {"type": "integer"},
    },
    required=("key", "name", "sequence"),
)
SECTIONS = _object(
    {"items": {"type": "array", "items": SECTION_ANSWER}}, required=("items",)
)
INDUSTRY = _object(
    {
        "key": {"type": "string"},
        "name": {"type": "string"},
        "description": {"type": ["string", "null"]},
        "fields": {"type": "array", "items": {"type": "string"}},
    },
    required=("key", "name", "fields"),
)
INDUSTRIES = _object(
    {"items": {"type": "array", "items": INDUSTRY}}, required=("items",)
)

# What the document calls them.
NAMED = {
    "Customer": CUSTOMER,
    "Customers": CUSTOMERS,
    "CustomerValues": CUSTOMER_VALUES,
    "Custom": CUSTOM,
    "Upsert": UPSERT,
    "Results": RESULTS,
    "Result": RESULT,
    "Who": WHO,
    "Purchase": PURCHASE,
    "Purchases": PURCHASES,
    "Event": EVENT,
    "Events": EVENTS,
    "Field": FIELD,
    "Fields": FIELDS,
    "FieldCreate": FIELD_CREATE,
    "FieldChange": FIELD_CHANGE,
    "Rules": RULES,
    "Option": OPTION,
    "Order": ORDER,
    "Section": SECTION,
    "SectionAnswer": SECTION_ANSWER,
    "Sections": SECTIONS,
    "Industry": INDUSTRY,
    "Industries": INDUSTRIES,
    "Problem": PROBLEM,
    "Error": ERROR,
}
