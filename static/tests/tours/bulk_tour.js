import {registry} from "@web/core/registry";

// Waits and clicks go by classes and data attributes: the tours run in two languages.

const inDialog = (selector) => `.o_mini_crm_bulk ${selector}`;

/** Choose an action, a tag, look at the effect, apply, undo. */
const TAG_AND_UNDO = [
    {
        content: "A tag",
        trigger: inDialog("[data-action='tag_add']"),
        run: "click",
    },
    {
        content: "A new one, by its name",
        trigger: inDialog(".o_mini_crm_bulk_search"),
        run: "edit Tour bulk",
    },
    {
        content: "It is none of those that are there",
        trigger: inDialog(".o_mini_crm_bulk_chip_new"),
        run: "click",
    },
    {
        content: "Three customers would change",
        trigger: inDialog(".o_mini_crm_bulk_preview[data-changed='3']"),
    },
    {
        content: "Apply",
        trigger: inDialog(".o_mini_crm_bulk_apply:enabled"),
        run: "click",
    },
    {
        content: "It is done; undo",
        trigger: ".o_mini_crm_bulk_toast .o_notification_buttons button",
        run: "click",
    },
    {
        content: "It is undone",
        trigger: ".o_notification:has(.o_notification_bar.bg-success)",
    },
    {
        content: "Nobody has the tag",
        trigger: "body:not(:has(.o_tag:contains(Tour bulk)))",
    },
];

registry.category("web_tour.tours").add("mini_crm_bulk_desktop", {
    steps: () => [
        {
            content: "Choose all customers",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "What can be done with them",
            trigger: ".o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            content: "Change many",
            trigger: ".o-dropdown-item:has(.fa-magic)",
            run: "click",
        },
        ...TAG_AND_UNDO,
    ],
});

registry.category("web_tour.tours").add("mini_crm_bulk_phone", {
    steps: () => [
        {
            content: "The menu of the page",
            trigger: ".o_control_panel button:has(.fa-cog)",
            run: "click",
        },
        {
            content: "Change all of these",
            trigger: ".o_mini_crm_change_filtered",
            run: "click",
        },
        ...TAG_AND_UNDO,
    ],
});

registry.category("web_tour.tours").add("mini_crm_bulk_delete", {
    steps: () => [
        {
            content: "Choose all customers",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "What can be done with them",
            trigger: ".o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            content: "Delete",
            trigger: ".o-dropdown-item:has(.fa-trash-o)",
            run: "click",
        },
        {
            content: "Not without the number",
            trigger: inDialog(".o_mini_crm_bulk_apply:disabled"),
        },
        {
            content: "Type it",
            trigger: inDialog("input[name='typed']"),
            run: "edit 3",
        },
        {
            content: "Apply",
            trigger: inDialog(".o_mini_crm_bulk_apply:enabled"),
            run: "click",
        },
        {
            content: "It is done",
            trigger: ".o_mini_crm_bulk_toast",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_bin", {
    steps: () => [
        {
            content: "Three are in the bin; put one back",
            trigger:
                ".o_mini_crm_bin .o_data_row:nth-child(3) button[name='action_put_back']",
        },
        {
            content: "Put the first back",
            trigger:
                ".o_mini_crm_bin .o_data_row:first-child button[name='action_put_back']",
            run: "click",
        },
        {
            content: "Two are left",
            trigger:
                ".o_mini_crm_bin tbody:not(:has(.o_data_row:nth-child(3))) .o_data_row:nth-child(2)",
        },
    ],
});
