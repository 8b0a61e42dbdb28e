"""The web client's own request for a list, derived from the views as it does."""

import ast

from lxml import etree

# What the client's widgets fetch besides their own field (fieldDependencies), and of
# the records behind a relation (relatedFields). A widget that is not here fetches
# nothing more. The first block is Odoo's, the second one ours: static/src/.
DEPENDENCIES = {
    "image": ["write_date"],
    "list_activity": [
        "activity_exception_decoration",
        "activity_exception_icon",
        "activity_state",
        "activity_summary",
        "activity_type_icon",
        "activity_type_id",
    ],
    "kanban_activity": [
        "activity_exception_decoration",
        "activity_exception_icon",
        "activity_state",
        "activity_summary",
        "activity_type_icon",
        "activity_type_id",
    ],
    "mini_crm_avatar": ["has_photo"],
    "mini_crm_customer_name": ["has_photo", "phone", "email"],
    "mini_crm_journey_path": ["journey_hold_until"],
    "mini_crm_photo": ["name", "write_date"],
    "mini_crm_score": ["crm_health"],
    "mini_crm_score_explanation": ["name", "email", "phone", "city"],
}
PLAIN = {
    "many2many_tags",
    "many2one_avatar_user",
    "properties",
    "boolean_toggle",
    "color_picker",
    "contact_statistics",
    "mini_crm_relative_time",
    "mini_crm_money",
    "mini_crm_segment_chips",
    "mini_crm_number",
    "mini_crm_select",
    "mini_crm_email",
    "mini_crm_phone",
    "email",
    "phone",
    "text",
    "url",
}
COUNT_LIMIT = 10_000  # the client's own; it asks for one more
PAGE = 80


def list_request(model, view, kind="list"):
    """What the client asks for when it opens a list or kanban.

    :param model: res.partner in the environment of the user
    :param int view: id of the view
    :param str kind: ``list`` or ``kanban``
    :return: dict of arguments for ``web_search_read``, without a domain
    """
    arch, fields = _view(model, view, kind)
    nodes = arch.iterfind("./field") if kind == "list" else arch.iter("field")
    return {
        "specification": _specification(nodes, fields),
        "offset": 0,
        "limit": int(arch.get("limit") or PAGE),
        "order": _order(arch.get("default_order")),
        "count_limit": int(arch.get("count_limit") or COUNT_LIMIT) + 1,
    }


def form_specification(model, view):
    """What the client asks for when it opens a form: specification of ``web_read``.

    Lists and cards inside of it are read with the columns that stand there.
    """
    arch, fields = _view(model, view, "form")
    inner = set(arch.iterfind(".//field//field"))
    nodes = [node for node in arch.iter("field") if node not in inner]
    specification = _specification(nodes, fields, strict=False)
    for node in nodes:
        name = node.get("name")
        subview = next(node.iterfind("./list"), None)
        if subview is None:
            subview = next(node.iterfind("./kanban"), None)
        if subview is not None and fields[name]["type"] in ("one2many", "many2many"):
            comodel = model.env[fields[name]["relation"]]
            columns = _specification(
                subview.iter("field"), comodel.fields_get(), strict=False
            )
            specification[name] = {"fields": columns, "context": {}, "limit": 40}
    return specification


def _view(model, view, kind):
    """(arch, fields) of a view as the client gets them."""
    views = model.get_views([(view, kind)])
    arch = etree.fromstring(views["views"][kind]["arch"])
    return arch, views["models"][model._name]["fields"]


def _specification(nodes, fields, strict=True):
    """Specification of the fields that nodes of a view show.

    :param bool strict: refuse a widget of which it is not known what it fetches
    """
    specification = {}
    for node in nodes:
        _add(specification, fields, node)
        for name in _dependencies(node, strict):
            if name in fields:
                specification.setdefault(name, _of_type(fields, name, {}))
    return specification


def _add(specification, fields, node):
    name = node.get("name")
    related = {}
    if node.get("widget") == "many2many_tags":
        related["display_name"] = {}
        color = ast.literal_eval(node.get("options") or "{}").get("color_field")
        if color:
            related[color] = {}
    elif node.get("widget") == "mini_crm_segment_chips":
        related = {"display_name": {}, "color": {}}
    # optional columns are fetched although they are hidden
    specification[name] = _of_type(fields, name, related)


def _of_type(fields, name, related):
    """Specification of a field by its type (getFieldsSpec in the client)."""
    kind = fields[name]["type"] if name in fields else "char"
    if kind in ("many2one", "reference"):
        return {"fields": {"display_name": {}}, "context": {}}
    if kind in ("one2many", "many2many") and related:
        return {"fields": related, "context": {}}
    return {}


def _dependencies(node, strict):
    widget = node.get("widget")
    if strict and widget and widget not in DEPENDENCIES and widget not in PLAIN:
        raise ValueError(
            f"The list has a widget {widget!r}: say in bench/client.py what it fetches."
        )
    return DEPENDENCIES.get(widget, [])


def _order(default_order):
    """As the client sends it: "crm_score DESC, id DESC"."""
    terms = []
    for term in (default_order or "").split(","):
        name, _space, direction = term.strip().partition(" ")
        if name:
            terms.append(f"{name} {(direction or 'ASC').strip().upper()}")
    return ", ".join(terms)
