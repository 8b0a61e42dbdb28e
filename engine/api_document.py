"""The OpenAPI 3.1 document, made of the table of operations and its schemas."""

import copy
from http import HTTPStatus

from . import api_schemas as schemas
from .api_operations import BASE, COMPANY, IDEMPOTENCY_KEY, OPERATIONS, Operation

# Statuses that every operation with a key, or every one with a body, may answer.
WITH_KEY = (401, 403, 422, 429)
WITH_BODY = (400, 413, 415)
WHY = {
    400: "The body is not JSON, or a header cannot be read.",
    401: "The API key is missing, wrong or expired.",
    403: "The owner of the key may not do this.",
    404: "There is no such thing.",
    409: "It contradicts what is there, or somebody changes the same thing right now.",
    413: "The body is larger than 1 MB.",
    415: "The body is not application/json.",
    422: "Something in the request is wrong; errors says what and where.",
    429: "Too many requests; Retry-After says when to go on.",
}


def openapi(version: str, custom_fields=(), server: str = "") -> dict:
    """The document as plain data.

    :param version: of the add-on
    :param custom_fields: dicts with ``key``, ``label``, ``type``, ``options`` (codes)
    :param server: address in front of ``BASE``
    """
    components = {
        name: _shown(schema, top=True) for name, schema in schemas.NAMED.items()
    }
    if custom_fields:
        components["Custom"]["properties"] = {
            field["key"]: _custom_field(field) for field in custom_fields
        }
    paths: dict = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
            operation
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mini CRM",
            "version": version,
            "description": "Custom fields, customers, purchases and events of a shop.",
        },
        "servers": [{"url": f"{server}{BASE}"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key of a user who is an agent or more.",
                }
            },
            "responses": {str(status): _problem(status) for status in WHY},
        },
    }


def _operation(operation: Operation) -> dict:
    shown: dict = {
        "operationId": operation.name,
        "summary": operation.about,
        "tags": [operation.path.split("/")[1].split(".")[0]],
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.open:
        shown["security"] = [{}, {"key": []}]
    if operation.body:
        shown["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _shown(operation.body)}},
        }
    return shown


def _parameters(operation: Operation) -> list[dict]:
    declared = list(operation.parameters)
    if not operation.open:
        declared.append(COMPANY)
    shown = [
        {
            "name": parameter.name,
            "in": parameter.place,
            "required": parameter.place == "path",
            "description": parameter.about,
            "schema": parameter.schema,
        }
        for parameter in declared
    ]
    if operation.repeatable:
        shown.append(
            {
                "name": IDEMPOTENCY_KEY,
                "in": "header",
                "required": False,
                "description": "Any text that is new for each request; a repeated"
                " request with it gets the first answer and changes nothing.",
                "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
            }
        )
    return shown


def problem_statuses(operation: Operation) -> list[int]:
    """Statuses of the problems that an operation may answer."""
    if operation.open:
        return [401, 403, 422, 429]
    with_body = WITH_BODY if operation.body or operation.method != "GET" else ()
    return sorted({*WITH_KEY, *with_body, *operation.problems})


def _responses(operation: Operation) -> dict:
    responses: dict = {
        str(operation.status): {
            "description": HTTPStatus(operation.status).phrase,
            "content": {"application/json": {"schema": _shown(operation.answer)}},
        }
    }
    for status in problem_statuses(operation):
        responses[str(status)] = {"$ref": f"#/components/responses/{status}"}
    return responses


def _problem(status: int) -> dict:
    example = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": WHY[status],
        "code": CODES[status],
        "errors": [],
    }
    if status == 422:
        example["errors"] = [
            {
                "pointer": "/custom/birth_date",
                "key": "birth_date",
                "code": "date_unknown",
                "detail": "This is not a date. Write it like 2026-01-31.",
            }
        ]
    shown: dict = {
        "description": WHY[status],
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {"problem": {"value": example}},
            }
        },
    }
    if status == 429:
        shown["headers"] = {
            "Retry-After": {
                "description": "Seconds to wait.",
                "schema": {"type": "integer"},
            }
        }
    return shown


# Code of a problem that has no more special one.
CODES = {
    400: "malformed",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "unsupported_type",
    422: "invalid",
    429: "too_many_requests",
    500: "internal",
}


def _shown(schema, *, top=False):
    """A schema with references in place of the named ones."""
    if isinstance(schema, dict):
        name = _NAMES.get(id(schema))
        if name and not top:
            return {"$ref": f"#/components/schemas/{name}"}
        return {word: _shown(value) for word, value in schema.items()}
    if isinstance(schema, list):
        return [_shown(value) for value in schema]
    return copy.copy(schema)


_NAMES = {id(schema): name for name, schema in schemas.NAMED.items()}


def _custom_field(field: dict) -> dict:
    """A custom field: whatever JSON type a value has, it is read as a person's text."""
    about = f"Type: {field['type']}."
    if field["options"]:
        about += f" Choices: {', '.join(field['options'])}."
    kinds = schemas.CUSTOM["additionalProperties"]["type"]
    return {"title": field["label"], "type": kinds, "description": about}
