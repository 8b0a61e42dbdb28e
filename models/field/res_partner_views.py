from babel.dates import get_month_names
from lxml.builder import E

from odoo import api, models
from odoo.tools.misc import babel_locale_parse

from ...engine.calendars import JALALI_MONTHS
from ...engine.jalali_months import month_alternatives
from . import field_views

# What marks our own views (views/mini_crm_customer_*.xml), where custom fields show.
PAGE = ".//page[@name='mini_crm_custom_fields']"
LIST = "mini_crm_customer_list"
CARDS = "mini_crm_customer_kanban"
CARD_TOP = ".//div[@name='mini_crm_card_custom_fields']"
FILTERS = ".//separator[@name='mini_crm_custom_fields']"
BUILDER = "mini_crm.mini_crm_field_builder_action"
ADMIN = "mini_crm.mini_crm_group_admin"


class ResPartner(models.Model):
    """Custom fields in the form, the list, the cards and the search of customers."""

    _inherit = "res.partner"

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env["mini_crm.version"]._current())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        looks = self.env["mini_crm.field"]._looks().active
        show = {
            "form": self._show_in_form,
            "list": self._show_in_list,
            "kanban": self._show_in_cards,
            "search": self._show_in_search,
        }.get(view_type)
        if show:
            show(arch, looks)
        return arch, view

    def _show_in_form(self, arch, looks):
        looks = [look for look in looks if look.in_form]
        for page in arch.iterfind(PAGE):
            if looks:
                page.extend(field_views.form_nodes(looks))
                page.extend(self._builder_link())
            elif arch.get("js_class"):
                page.extend(self._no_custom_fields())
            else:
                page.getparent().remove(page)  # of Odoo's own form

    def _no_custom_fields(self):
        """What the page says while there is no custom field: list of nodes."""
        title = self.env._("What else do you want to know about your customers?")
        text = self.env._(
            "A birthday, a size, a favorite: custom fields keep it for every customer,"
            " and you can search, filter and export by it."
        )
        ask = self.env._("Ask the administrator of Mini CRM to add fields.")
        return [
            E.div(
                E.p(title, {"class": "o_mini_crm_state_title"}),
                E.p(text),
                *self._builder_button(
                    self.env._("Add your first field"), "btn-primary"
                ),
                E.p(ask, groups=f"!{ADMIN}"),
                {"class": "o_mini_crm_state o_mini_crm_no_fields"},
            )
        ]

    def _builder_link(self):
        return self._builder_button(
            self.env._("Change the fields"), "btn-link o_mini_crm_change_fields"
        )

    def _builder_button(self, text, look):
        """Button for admins that opens the form builder: list of nodes, maybe empty."""
        action = self.env.ref(BUILDER, raise_if_not_found=False)
        if not action:
            return []
        return [
            E.button(
                name=str(action.id),
                type="action",
                string=text,
                groups=ADMIN,
                **{"class": look},
            )
        ]

    def _show_in_list(self, arch, looks):
        if arch.get("js_class") == LIST:
            arch.extend(field_views.list_nodes(looks))

    def _show_in_cards(self, arch, looks):
        lines = field_views.card_node(looks)
        anchor = arch.find(CARD_TOP)
        if anchor is None:
            return
        if lines is not None:
            anchor.addnext(lines)
        anchor.getparent().remove(anchor)

    def _show_in_search(self, arch, looks):
        anchor = arch.find(FILTERS)
        if anchor is None:
            return
        texts = self._search_texts()
        fields = arch.findall("field")
        for node in reversed(field_views.search_fields(looks)):
            fields[-1].addnext(node)
        for node in reversed(field_views.search_filters(looks, texts)):
            anchor.addnext(node)
        arch.find("group").extend(field_views.group_filters(looks, texts))

    def _search_texts(self):
        """Texts of the filters in the user's language: ``SearchTexts``."""
        _ = self.env._  # %(x)s come in later, one for each field
        return field_views.SearchTexts(
            set=_("%(field)s: set"),
            unset=_("%(field)s: not set"),
            yes=_("%(field)s: yes"),
            no=_("%(field)s: no"),
            choice=_("%(field)s: %(choice)s"),
            any_year=_("Any %(month)s"),
            by_month=_("%(field)s: month"),
            months=months_of(self.env.lang or "en_US"),
        )


def months_of(lang):
    """The months in which people of a language have their birthdays.

    Persian screens show dates in the Jalali calendar.

    :rtype: list[tuple[str, tuple]]
    """
    if lang.startswith("fa"):
        return [(n, month_alternatives(i)) for i, n in enumerate(JALALI_MONTHS, 1)]
    names = get_month_names("wide", "stand-alone", babel_locale_parse(lang))
    return [(names[n], ((("month_number", "=", n),),)) for n in range(1, 13)]
