import {registry} from "@web/core/registry";

// What an administrator calls a field in Persian is what he reads wherever it is named.

const LABEL = "متن خودم";
const FIELD = ".o_mini_crm_builder_field[data-key='own_text']";

const RENAME = [
    {
        content:
            "Without a Persian label it has the one that it was made with: rename it",
        trigger: `${FIELD} .o_mini_crm_builder_label:value(Own text)`,
        run: `edit ${LABEL} && press Tab`,
    },
    {
        content: "It is saved",
        trigger: `.o_mini_crm_builder[data-version='1'] ${FIELD} .o_mini_crm_builder_label:value(${LABEL})`,
    },
];

const FILTERS = [
    {
        content: "Open the filters",
        trigger: ".o_searchview_dropdown_toggler",
        run: "click",
    },
    {
        content: "One of them has the label: make one's own",
        trigger: `.o_filter_menu:has(.o-dropdown-item:contains(${LABEL})) .o_add_custom_filter`,
        run: "click",
    },
    {
        content: "Choose a field",
        trigger: ".modal .o_model_field_selector",
        run: "click",
    },
    {
        content: "Look for it",
        trigger: ".o_model_field_selector_popover_search input",
        run: `edit ${LABEL}`,
    },
    {
        content: "It is found",
        trigger: `.o_model_field_selector_popover_item[data-name='custom_text_1'] button:contains(${LABEL})`,
        run: "click",
    },
    {
        content: "The condition has the label; leave it",
        trigger: `.modal:has(.o_model_field_selector:contains(${LABEL})) .modal-footer .btn-secondary`,
        run: "click",
    },
];

const EXPORT = [
    {
        content: "Select a customer",
        trigger:
            "body:not(:has(.modal)) .o_mini_crm_customer_list .o_data_row .o_list_record_selector input",
        run: "click",
    },
    {
        content: "Open the actions",
        trigger: ".o_control_panel .o_cp_action_menus .dropdown-toggle",
        run: "click",
    },
    {
        content: "Export",
        trigger: ".o-dropdown--menu .o_menu_item:has(.fa-upload)",
        run: "click",
    },
    {
        content: "Look at the columns",
        trigger: ".modal .o_mini_crm_export_open",
        run: "click",
    },
    {
        content: "The field can be taken; leave it",
        trigger: `.modal:has(.o_mini_crm_export_column:contains(${LABEL})) .o_mini_crm_export_footer .btn-light`,
        run: "click",
    },
];

const IMPORT = [
    {
        content: "Drop a file on the screen, whose column is called like the field",
        trigger: ".o_mini_crm_import[data-step='file'] .o_mini_crm_import_drop",
        run() {
            const files = new DataTransfer();
            const lines = `name,e-mail,${LABEL}\nSara,sara@example.com,green`;
            files.items.add(new File([lines], "customers.csv", {type: "text/csv"}));
            this.anchor.dispatchEvent(
                new DragEvent("drop", {bubbles: true, dataTransfer: files}),
            );
        },
    },
    {
        content: "The column is known, and the field called by its label",
        trigger: `.o_mini_crm_import_column[data-column='2'] select:value(custom:own_text):has(option[value='custom:own_text']:contains(${LABEL}))`,
    },
];

/** By the menu: nothing is loaded anew, so what the browser keeps must be new. */
function goTo(menu) {
    return {
        content: `Go to ${menu}`,
        trigger: `body:not(:has(.modal)) :is(.o_menu_sections, .o-dropdown--menu) [data-menu-xmlid='mini_crm.${menu}']`,
        run: "click",
    };
}

registry.category("web_tour.tours").add("mini_crm_form_builder_label_desktop", {
    steps: () => [
        ...RENAME,
        {
            content: "Show it in the list, too",
            trigger: `${FIELD} [data-view='show_in_list'][aria-pressed='false']`,
            run: "click",
        },
        {
            content: "It says so",
            trigger: `.o_mini_crm_builder[data-version='2'] ${FIELD} [data-view='show_in_list'][aria-pressed='true']`,
        },
        goTo("mini_crm_customer_menu"),
        {
            content: "The list calls its column by the label",
            trigger: `.o_mini_crm_customer_list th:contains(${LABEL})`,
        },
        ...FILTERS,
        ...EXPORT,
        goTo("mini_crm_data_menu"),
        goTo("mini_crm_import_menu"),
        ...IMPORT,
    ],
});

// Odoo offers an export to lists only, and a phone has cards.
registry.category("web_tour.tours").add("mini_crm_form_builder_label_phone", {
    steps: () => RENAME,
});

registry.category("web_tour.tours").add("mini_crm_label_in_filters_phone", {
    steps: () => [
        {
            content: "Look for customers",
            trigger: ".o_control_panel button:has(.fa-search)",
            run: "click",
        },
        ...FILTERS,
    ],
});

registry.category("web_tour.tours").add("mini_crm_label_in_import", {
    steps: () => IMPORT,
});
