import {registry} from "@web/core/registry";

const OPEN_MENU = {
    content: "Open the menu of the list",
    trigger: ".o_control_panel .o_cp_action_menus .dropdown-toggle:has(.fa-cog)",
    run: "click",
};

registry.category("web_tour.tours").add("mini_crm_export", {
    steps: () => [
        OPEN_MENU,
        {
            content: "Export all that are shown",
            trigger: ".o_mini_crm_export_menu",
            run: "click",
        },
        {
            content: "Choose CSV",
            trigger: ".o_mini_crm_export_format[data-format='csv']",
            run: "click",
        },
        {
            content: "It is chosen",
            trigger: ".o_mini_crm_export_picked[data-format='csv']",
        },
        {
            content: "Show the columns",
            trigger: ".o_mini_crm_export_open",
            run: "click",
        },
        {
            content: "Leave one out",
            trigger: ".o_mini_crm_export_column input[name='ref']",
            run: "click",
        },
        {
            content: "Export",
            trigger: ".o_mini_crm_export_start:enabled",
            run: "click",
        },
        {
            content: "The dialog closes when the file has come",
            trigger: "body:not(:has(.o_mini_crm_export))",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_export_no", {
    steps: () => [
        OPEN_MENU,
        {
            content: "The menu is there, without an export",
            trigger:
                ".o-dropdown--menu:not(:has(.o_mini_crm_export_menu)) .dropdown-item",
        },
    ],
});
