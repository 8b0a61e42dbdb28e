"""What goes in and out of the API, as JSON schemas: to check, and to document."""

from . import definition_schemas as definitions
from .schema_parts import list_of, object_of, text_of

MAX_ITEMS = 1_000
MAX_ID = 2**31 - 1

ID = {"type": "integer", "minimum": 1, "maximum": MAX_ID}
STATUSES = ("created", "updated", "unchanged", "failed")


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
    "ref": text_of("Your own key of the customer.", 100, example="C-17"),
    "email": text_of("E-mail address.", 254, example="sara@example.com"),
    "phone": text_of(
        "With + and country code, or national.", 60, example="+989121234567"
    ),
    "company_name": text_of("Company that the customer works for."),
    "function": text_of("Job."),
    "street": text_of("Street and number."),
    "street2": text_of("Second line of the address."),
    "city": text_of("City.", 100),
    "zip": text_of("Postal code.", 24),
    "country": text_of("Two-letter code or name of a country.", 100, example="IR"),
    "lang": text_of("Code of an installed language.", 40, example="fa_IR"),
    "source": text_of("Where the customer came from first.", 100, example="Instagram"),
}
CUSTOMER_VALUES = object_of(
    {**_CONTACT, "custom": CUSTOM},
    minProperties=1,
    description="What is left out stays as it is; null empties it.",
)
_MOMENT = {"type": "string", "format": "date-time"}
CUSTOMER = object_of(
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
CUSTOMERS = object_of(
    {
        "items": list_of(CUSTOMER, 200),
        "next_cursor": {
            "type": ["string", "null"],
            "description": "cursor of the next page; null after the last one.",
        },
    },
    required=("items", "next_cursor"),
)

# Problems (RFC 9457)

ERROR = object_of(
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
PROBLEM = object_of(
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
UPSERT = object_of(
    {
        "match": {
            "type": "string",
            "enum": ["ref", "phone", "email"],
            "description": "By what a customer is recognised; every item needs it.",
        },
        "mode": MODE,
        "items": list_of(CUSTOMER_VALUES, least=1),
    },
    required=("match", "items"),
    examples=[
        {
            "match": "ref",
            "items": [{"ref": "C-17", "name": "Sara", "custom": {"is_vip": True}}],
        }
    ],
)
RESULT = object_of(
    {
        "index": {"type": "integer", "minimum": 0},
        "status": {"type": "string", "enum": list(STATUSES)},
        "id": {"type": ["integer", "null"]},
        "errors": {"type": "array", "items": ERROR},
    },
    required=("index", "status", "id", "errors"),
)
RESULTS = object_of(
    {
        **{status: {"type": "integer", "minimum": 0} for status in STATUSES},
        "items": {"type": "array", "items": RESULT},
    },
    required=(*STATUSES, "items"),
)
WHO = object_of(
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
PURCHASE = object_of(
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
PURCHASES = object_of(
    {"mode": MODE, "items": list_of(PURCHASE, least=1)}, required=("items",)
)
EVENT_TYPES = {
    "note": "note_added",
    "call": "call_logged",
    "message_received": "message_received",
    "message_sent": "message_sent",
}
EVENT = object_of(
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
EVENTS = object_of(
    {"mode": MODE, "items": list_of(EVENT, least=1)}, required=("items",)
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
    "Field": definitions.FIELD,
    "Fields": definitions.FIELDS,
    "FieldCreate": definitions.FIELD_CREATE,
    "FieldChange": definitions.FIELD_CHANGE,
    "Rules": definitions.RULES,
    "Option": definitions.OPTION,
    "Order": definitions.ORDER,
    "Section": definitions.SECTION,
    "SectionAnswer": definitions.SECTION_ANSWER,
    "Sections": definitions.SECTIONS,
    "Industry": definitions.INDUSTRY,
    "Industries": definitions.INDUSTRIES,
    "Problem": PROBLEM,
    "Error": ERROR,
}
