"""Parts that the schemas of the API are made of."""


def text_of(description, limit=250, *, example=None):
    """A text that may be empty (``null``), of at most ``limit`` characters."""
    schema = {"type": ["string", "null"], "maxLength": limit}
    schema["description"] = description
    return {**schema, "examples": [example]} if example else schema


def object_of(properties, *, required=(), **words):
    """An object with these properties and no others."""
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    return {**schema, **words}


def list_of(items, limit=1_000, least=0):
    """A list of so many items."""
    return {"type": "array", "items": items, "minItems": least, "maxItems": limit}
