import {registry} from "@web/core/registry";

// Waits and clicks go by classes and data attributes: the tours run in two languages.

const CHOOSE_TAG = [
    {
        content: "Choose the tag, which names the rule",
        trigger: ".o_field_widget[name='category_id'] input",
        run: "edit Tour tag",
    },
    {
        content: "It is there",
        trigger:
            ".o_field_widget[name='category_id'] .dropdown-item:contains(Tour tag)",
        run: "click",
    },
];
// On a phone Odoo shows the tags in a dialog of their own.
const CHOOSE_TAG_ON_A_PHONE = [
    {
        content: "Choose the tag, which names the rule",
        trigger: ".o_field_widget[name='category_id'] input",
        run: "click",
    },
    {
        content: "It is there",
        trigger: ".o_dialog .o_kanban_record:contains(Tour tag)",
        run: "click",
    },
];

const MAKE = [
    {
        content: "The rule has its name",
        trigger: ".o_field_widget[name='name'] :value(Tour tag)",
    },
    {
        content: "Say when",
        trigger: ".o_mini_crm_plain_add_row",
        run: "click",
    },
    {
        content: "By what was spent",
        trigger:
            ".o_mini_crm_plain_row[data-field='crm_score'] .o_mini_crm_plain_field",
        run: "select total_spent",
    },
    {
        content: "More than a little",
        trigger:
            ".o_mini_crm_plain_row[data-field='total_spent'] .o_mini_crm_plain_number",
        run: "edit 50",
    },
    {
        content: "Before it is saved it says that it would tag one customer",
        trigger: ".o_mini_crm_rule_preview[data-status='ready'][data-in='1']",
    },
    {
        content: "Save",
        trigger: ".o_form_button_save",
        run: "click",
    },
    {
        content: "It is saved",
        trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
    },
];

registry.category("web_tour.tours").add("mini_crm_tag_rule_desktop", {
    steps: () => [
        {
            content: "The shipped rules are there",
            trigger: ".o_mini_crm_tag_rule_list .o_data_row",
        },
        {
            content: "New",
            trigger: ".o_list_button_add",
            run: "click",
        },
        ...CHOOSE_TAG,
        ...MAKE,
    ],
});

registry.category("web_tour.tours").add("mini_crm_tag_rule_phone", {
    steps: () => [
        {
            content: "New",
            trigger: ".o-kanban-button-new, .o_list_button_add",
            run: "click",
        },
        ...CHOOSE_TAG_ON_A_PHONE,
        ...MAKE,
    ],
});

registry.category("web_tour.tours").add("mini_crm_tag_chip", {
    steps: () => [
        {
            content: "A tap on the rule's tag",
            trigger:
                ".o_field_widget[name='category_id'] .o_tag:has(.fa-magic):contains(Tour tag)",
            run: "click",
        },
        {
            content: "It tells the rule; keep the tag in any case",
            trigger: ".o_mini_crm_tag_origin:contains(Tour rule) .o_mini_crm_tag_keep",
            run: "click",
        },
        {
            content: "It stays, whatever the rule says",
            trigger: ".o_notification:has(.o_notification_bar.bg-success)",
        },
    ],
});
