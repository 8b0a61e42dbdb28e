"""The operations of the API, in one table: routed, checked and documented from here."""

import re
from dataclasses import dataclass

from . import api_schemas as schemas
from . import definition_schemas as definitions
from .json_input import Violation, is_storable, violations

BASE = "/mini_crm/api/v1"
MAX_BODY = 1_000_000  # bytes
IDEMPOTENCY_KEY = "Idempotency-Key"


@dataclass(frozen=True)
class Parameter:
    """A parameter in the path or the query.

    :param place: ``path`` or ``query``
    """

    name: str
    place: str
    schema: dict
    about: str


@dataclass(frozen=True)
class Operation:
    """Something the API does.

    :param name: of the method that does it, and ``operationId``
    :param path: below ``BASE``; ``{name}`` stands for a parameter
    :param answer: schema of the answer
    :param body: schema of the JSON body; ``None``: takes none
    :param status: of success
    :param problems: statuses of problems besides those that every operation has
    :param repeatable: takes an idempotency key
    :param open: needs no API key
    """

    name: str
    method: str
    path: str
    about: str
    answer: dict
    body: dict | None = None
    status: int = 200
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[int, ...] = ()
    repeatable: bool = False
    open: bool = False


_ID = Parameter("id", "path", schemas.ID, "Id of the customer.")
_KEY = Parameter("key", "path", definitions.KEY, "Key of the field.")
_INDUSTRY = Parameter("key", "path", definitions.KEY, "Key of the industry.")
_EXTRA = Parameter(
    "extra",
    "query",
    {"type": "boolean", "default": False},
    "Keep values of unknown keys beside the custom fields instead of refusing them.",
)
_WHO = {"type": "string", "minLength": 1, "maxLength": 254}
_LIST = (
    Parameter("key", "query", _WHO, "Only the customer with this ref."),
    Parameter("phone", "query", _WHO, "Only customers with this phone number."),
    Parameter("email", "query", _WHO, "Only customers with this e-mail address."),
    Parameter(
        "updated_since",
        "query",
        {"type": "string", "maxLength": 40},
        "Only customers whose contact has changed since (ISO 8601, UTC).",
    ),
    Parameter(
        "limit",
        "query",
        {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
        "Customers of a page.",
    ),
    Parameter(
        "cursor",
        "query",
        {"type": "string", "pattern": "^[0-9]{1,10}$"},
        "next_cursor of the page before.",
    ),
)
# Which company is meant, for whoever works for several.
COMPANY = Parameter("company", "query", schemas.ID, "Id of one of your companies.")

OPERATIONS = (
    Operation(
        "describe",
        "GET",
        "/openapi.json",
        "This document. With a key it names the custom fields.",
        {"type": "object"},
        open=True,
    ),
    Operation(
        "list_fields",
        "GET",
        "/fields",
        "List custom fields in display order.",
        definitions.FIELDS,
        parameters=(
            Parameter(
                "archived",
                "query",
                {"type": "boolean", "default": False},
                "Also archived ones.",
            ),
        ),
    ),
    Operation(
        "create_field",
        "POST",
        "/fields",
        "Create a custom field. It gets a free slot of its type.",
        definitions.FIELD,
        body=definitions.FIELD_CREATE,
        status=201,
        problems=(409,),
    ),
    Operation(
        "reorder_fields",
        "POST",
        "/fields/reorder",
        "Put custom fields in another order.",
        definitions.FIELDS,
        body=definitions.ORDER,
        problems=(409,),
    ),
    Operation(
        "read_field",
        "GET",
        "/fields/{key}",
        "Read a custom field.",
        definitions.FIELD,
        parameters=(_KEY,),
        problems=(404,),
    ),
    Operation(
        "change_field",
        "PATCH",
        "/fields/{key}",
        "Change a custom field. Its key and type never change.",
        definitions.FIELD,
        body=definitions.FIELD_CHANGE,
        parameters=(_KEY,),
        problems=(404, 409),
    ),
    Operation(
        "archive_field",
        "POST",
        "/fields/{key}/archive",
        "Archive a custom field. Its values stay.",
        definitions.FIELD,
        parameters=(_KEY,),
        problems=(404, 409),
    ),
    Operation(
        "restore_field",
        "POST",
        "/fields/{key}/restore",
        "Bring an archived custom field back, with its values.",
        definitions.FIELD,
        parameters=(_KEY,),
        problems=(404, 409),
    ),
    Operation(
        "list_sections",
        "GET",
        "/sections",
        "List the sections of the customer's form.",
        definitions.SECTIONS,
    ),
    Operation(
        "create_section",
        "POST",
        "/sections",
        "Create a section.",
        definitions.SECTION_ANSWER,
        body=definitions.SECTION,
        status=201,
        problems=(409,),
    ),
    Operation(
        "list_industries",
        "GET",
        "/industries",
        "List the templates of industries.",
        definitions.INDUSTRIES,
    ),
    Operation(
        "apply_industry",
        "POST",
        "/industries/{key}/apply",
        "Create the custom fields of an industry. Those that exist stay.",
        definitions.FIELDS,
        parameters=(_INDUSTRY,),
        problems=(404, 409),
    ),
    Operation(
        "list_customers",
        "GET",
        "/customers",
        "List or find customers, in the order of their ids.",
        schemas.CUSTOMERS,
        parameters=_LIST,
    ),
    Operation(
        "read_customer",
        "GET",
        "/customers/{id}",
        "Read a customer.",
        schemas.CUSTOMER,
        parameters=(_ID,),
        problems=(404,),
    ),
    Operation(
        "change_customer",
        "PATCH",
        "/customers/{id}",
        "Change a customer: all of the values, or none if one is wrong.",
        schemas.CUSTOMER,
        body=schemas.CUSTOMER_VALUES,
        parameters=(_ID, _EXTRA),
        problems=(404, 409),
    ),
    Operation(
        "upsert_customers",
        "POST",
        "/customers/upsert",
        "Create or change up to 1,000 customers, recognised by ref, phone or e-mail.",
        schemas.RESULTS,
        body=schemas.UPSERT,
        parameters=(_EXTRA,),
        problems=(409,),
        repeatable=True,
    ),
    Operation(
        "add_purchases",
        "POST",
        "/purchases",
        "Enter up to 1,000 purchases, each reference once.",
        schemas.RESULTS,
        body=schemas.PURCHASES,
        problems=(409,),
        repeatable=True,
    ),
    Operation(
        "add_events",
        "POST",
        "/events",
        "Log up to 1,000 notes, calls and messages, each external key once.",
        schemas.RESULTS,
        body=schemas.EVENTS,
        problems=(409,),
        repeatable=True,
    ),
)


def _pattern(path: str) -> re.Pattern:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path.replace(".", r"\.")))


@dataclass(frozen=True)
class Found:
    """Where a request goes.

    :param operation: ``None``: there is none
    :param allowed: methods that the path knows; empty: no such path
    """

    operation: Operation | None
    arguments: dict
    allowed: tuple[str, ...]


def find_operation(method: str, path: str) -> Found:
    """The operation of a request.

    :param path: below ``BASE``, with a leading slash
    """
    matched = [(o, m) for o, pattern in _PATTERNS if (m := pattern.fullmatch(path))]
    # a path that stands in the table word for word means nothing else
    exact = [(o, m) for o, m in matched if o.path == path]
    allowed = {o.method: (o, m.groupdict()) for o, m in exact or matched}
    asked = "GET" if method == "HEAD" else method
    operation, arguments = allowed.get(asked, (None, {}))
    return Found(operation, arguments, tuple(sorted(allowed)))


def read_parameters(operation: Operation, path: dict, query: list[tuple]) -> tuple:
    """Values of the parameters, and what is wrong with them.

    :param path: texts of the parameters in the path
    :param query: (name, text) of those in the query
    :return: (values by name, list of Violation); a wrong one in the path is told as
        ``missing``: there is no such thing
    """
    values: dict = {}
    wrong: list[Violation] = []
    known = {
        parameter.name: parameter
        for parameter in (*operation.parameters, COMPANY)
        if parameter.place == "query"
    }
    for parameter in operation.parameters:
        if parameter.place == "path":
            value = _typed(path[parameter.name], parameter.schema)
            if violations(value, parameter.schema):
                wrong.append(Violation("", "missing"))
            values[parameter.name] = value
        elif "default" in parameter.schema:
            values[parameter.name] = parameter.schema["default"]
    for name, text in query:
        if name not in known:
            wrong.append(Violation(name, "unknown", {"name": name[:80]}))
            continue
        values[name] = value = _typed(text, known[name].schema)
        if is_storable(text):
            wrong += violations(value, known[name].schema, name)
        else:
            wrong.append(Violation(name, "character"))
    return values, wrong


def _typed(text: str, schema: dict):
    """A text as the type of a schema if it can be read so, else as it is."""
    if schema["type"] == "integer" and re.fullmatch("-?[0-9]{1,18}", text):
        return int(text)
    if schema["type"] == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


_PATTERNS = tuple((operation, _pattern(operation.path)) for operation in OPERATIONS)
