"""What views say about custom fields: the nodes that ``_get_view`` adds to our own.

Views in XML never name a slot: a slot without a definition is no field for browsers.
"""

import json
from collections import namedtuple

from lxml.builder import E

from odoo.fields import Domain

# What a search view is made of, in the user's language: formats with %(field)s; months
# are pairs of a name and of alternatives as engine.jalali_months has them.
SearchTexts = namedtuple(
    "SearchTexts", "set unset yes no choice any_year by_month months"
)

EXTRA = "custom_fields_extra"  # values of the fields without a slot

NUMBER = {"hide_trailing_zeros": 1}
NO_SMS = "{'enable_sms': False}"  # the button that Odoo's SMS puts beside a number
DIGITS = "[16, 6]"  # of numbers, as far as they have any

WIDGETS = {
    "number": "mini_crm_number",
    "email": "mini_crm_email",
    "phone": "mini_crm_phone",
    "url": "url",
    "select": "mini_crm_select",
}
GROUPED = ("text", "number", "date", "boolean", "select")


def _node(look, **attributes):
    """The ``<field>`` of a custom field that has a slot."""
    node = E.field(name=look.slot, **attributes)
    widget = "text" if look.multiline else WIDGETS.get(look.type)
    if widget:
        node.set("widget", widget)
    if look.type == "number":
        node.set("options", _literal(NUMBER))
        node.set("digits", DIGITS)
    elif look.type == "select":
        node.set("options", _literal(_select_options(look)))
    elif look.type == "phone":
        node.set("options", NO_SMS)
    return node


def _literal(value):
    """JSON that the client reads as a Python literal: no booleans, no null in it."""
    return json.dumps(value, ensure_ascii=False)


def _select_options(look):
    """What the widget of choices must know: their colors, and which are archived."""
    return {
        "colors": {choice.code: choice.color for choice in look.choices},
        "archived": [choice.code for choice in look.choices if not choice.active],
    }


# Form


def form_nodes(looks):
    """The custom fields of a form, a group for each section: list of nodes.

    Those that are in no section come first, without a heading.

    :param looks: those that show in the form, in display order
    """
    sections = {None: []}
    for look in looks:
        sections.setdefault(look.section, []).append(look)
    return [_section(section, mine) for section, mine in sections.items() if mine]


def _section(section, looks):
    """Group of a section: two columns, and below them what has no slot."""
    columns = [look for look in looks if look.slot]
    half = (len(columns) + 1) // 2
    group = E.group(
        E.group(*map(_form_node, columns[:half])),
        E.group(*map(_form_node, columns[half:])),
        name=f"custom_section_{section[0] if section else 'none'}",
    )
    if section:
        group.set("string", section[1])
    extra = [_extra_field(look) for look in looks if not look.slot]
    if extra:
        group.append(
            E.field(
                name=EXTRA,
                widget="mini_crm_extra_fields",
                nolabel="1",
                colspan="2",
                options=_literal({"fields": extra}),
            )
        )
    return group


def _form_node(look):
    node = _node(look)
    if look.placeholder:
        node.set("placeholder", look.placeholder)
    if look.required:
        node.set("required", "1")
    return node


def _extra_field(look):
    """A field of the overflow, as its widget takes it."""
    return {
        "key": look.key,
        "type": look.type,
        "label": look.label,
        "help": look.help,
        "placeholder": look.placeholder,
        "required": int(look.required),
        "multiline": int(look.multiline),
        "choices": [
            {"value": choice.code, "label": choice.label, "active": int(choice.active)}
            for choice in look.choices
        ],
    }


# List and cards


def list_nodes(looks):
    """Columns of the custom fields: shown, or to be chosen; list of nodes."""
    return [
        _node(look, optional="show" if look.in_list else "hide")
        for look in looks
        if look.slot and (look.in_list or look.in_form)
    ]


def card_node(looks):
    """Lines "label: value" of a card: a node, or ``None`` without a field to show."""
    lines = []
    for look in looks:
        if not (look.slot and look.in_card):
            continue
        filled = " !== false" if look.type == "number" else ""  # 0 is a value
        line = E.div(
            E.span(look.label, {"class": "o_mini_crm_card_label"}),
            _node(look, readonly="1"),
            {
                "class": "o_mini_crm_card_field",
                "t-if": f"record.{look.slot}.raw_value{filled}",
            },
        )
        lines.append(line)
    return E.div(*lines, {"class": "o_mini_crm_card_fields"}) if lines else None


# Search


def search_fields(looks):
    """What the search box offers to search in: list of nodes."""
    return [E.field(name=look.slot) for look in _filterable(looks)]


def search_filters(looks, texts):
    """Filters of the custom fields, each field after a separator: list of nodes.

    :param SearchTexts texts: in the user's language
    """
    nodes = []
    for look in _filterable(looks):
        nodes += [E.separator(), *_filters_of(look, texts)]
    return nodes


def _filters_of(look, texts):
    """Filters of one field, which are alternatives of each other."""
    if look.type == "boolean":
        return [
            _filter(look, "yes", texts.yes, [(look.slot, "=", True)]),
            _filter(look, "no", texts.no, [(look.slot, "=", False)]),
        ]
    filters = [
        _filter(
            look,
            f"is_{choice.code}",
            texts.choice,
            [(look.slot, "=", choice.code)],
            choice=choice.label,
        )
        for choice in look.choices
        if choice.active
    ]
    if look.type == "date":
        filters.append(_date_filter(look, texts))
    return [
        *filters,
        _filter(look, "set", texts.set, [(look.slot, "!=", False)]),
        _filter(look, "unset", texts.unset, [(look.slot, "=", False)]),
    ]


def _date_filter(look, texts):
    """Months and years of late, and each month whatever the year, as for birthdays."""
    months = [
        E.filter(
            name=f"{look.slot}_month_{number}",
            string=texts.any_year % {"month": month},
            domain=repr(list(_month_domain(look.slot, alternatives))),
        )
        for number, (month, alternatives) in enumerate(texts.months, 1)
    ]
    return E.filter(
        *months, name=f"{look.slot}_period", string=look.label, date=look.slot
    )


def _month_domain(slot, alternatives):
    return Domain.OR(
        Domain.AND(Domain(f"{slot}.{part}", *rest) for part, *rest in conditions)
        for conditions in alternatives
    )


def _filter(look, name, text, domain, **values):
    return E.filter(
        name=f"{look.slot}_{name}",
        string=text % {"field": look.label, **values},
        domain=repr(domain),
    )


def group_filters(looks, texts):
    """What customers can be grouped by: list of nodes."""
    nodes = []
    for look in _filterable(looks):
        if look.type not in GROUPED or look.multiline:
            continue
        if look.role == "birthday":
            label, groupby = texts.by_month % {"field": look.label}, "month_number"
        else:
            label, groupby = look.label, "month"
        target = f"{look.slot}:{groupby}" if look.type == "date" else look.slot
        nodes.append(
            E.filter(
                name=f"group_{look.slot}",
                string=label,
                context=repr({"group_by": target}),
            )
        )
    return nodes


def _filterable(looks):
    return [look for look in looks if look.slot and look.in_filter]
