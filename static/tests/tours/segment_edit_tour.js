import {registry} from "@web/core/registry";

// Waits and clicks go by classes and data attributes: the tours run in two languages.

const EDIT = [
    {
        content: "Open the segment itself",
        trigger:
            ".o_mini_crm_segment_card:contains('Tour Segment') .o_mini_crm_segment_edit",
        run: "click",
    },
    {
        content: "Of a saved condition nothing is to come; change it",
        trigger:
            ".o_form_view:not(:has(.o_mini_crm_rule_preview)) .o_mini_crm_condition_open",
        run: "click",
    },
    {
        content: "Another city",
        trigger: ".o_mini_crm_plain_row[data-field='city'] input[type='text']",
        run: "edit Rasht && click body",
    },
    {
        content: "It says that one would come in and one go out, with their names",
        trigger:
            ".o_mini_crm_rule_preview[data-status='ready'][data-in='1'][data-out='1']:has([data-side='in']:contains('Other Customer')):has([data-side='out']:contains('Tour Customer'))",
    },
    {
        content: "Save",
        trigger: ".o_form_button_save",
        run: "click",
    },
    {
        content: "It is saved, and nothing more is to come",
        trigger:
            ".o_form_view:not(:has(.o_mini_crm_rule_preview)) .o_mini_crm_condition",
    },
    {
        content: "See more of it",
        trigger: ".o_mini_crm_more summary",
        run: "click",
    },
    {
        content: "What uses it opens",
        trigger: ".o_mini_crm_used_by button:contains('Outer Segment')",
        run: "click",
    },
    {
        content: "Here it is",
        trigger: ".o_field_widget[name='name'] :value(Outer Segment)",
    },
];

registry.category("web_tour.tours").add("mini_crm_segment_edit", {
    steps: () => EDIT,
});

registry.category("web_tour.tours").add("mini_crm_segment_archive", {
    steps: () => [
        {
            content: "As a list",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "Choose one",
            trigger:
                ".o_data_row:has(td[name='name']:contains('Tour Segment')) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "What can be done with it",
            trigger: ".o_cp_action_menus .fa-cog",
            run: "click",
        },
        {
            content: "Archive it",
            trigger: ".o_menu_item:has(.oi-archive)",
            run: "click",
        },
        {
            content: "What uses it is told before",
            trigger: ".modal:contains('Outer Segment') .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It is gone; undo that",
            trigger:
                ".o_web_client:not(:has(.o_data_row td[name='name']:contains('Tour Segment'))) .o_notification_buttons button",
            run: "click",
        },
        {
            content: "It is back",
            trigger: ".o_data_row td[name='name']:contains('Tour Segment')",
        },
    ],
});
