import {registry} from "@web/core/registry";

// Waits and clicks go by classes and data attributes: the tours run in two languages.

registry.category("web_tour.tours").add("mini_crm_merge", {
    steps: () => [
        {
            content: "Open the customer's details",
            trigger: ".o_mini_crm_customer_form .o_notebook_headers [name='basic']",
            run: "click",
        },
        {
            content: "Merge with somebody",
            trigger: ".o_mini_crm_merge_with",
            run: "click",
        },
        {
            content: "Look for the other one",
            trigger: ".o_mini_crm_merge_search",
            run: "edit Tourmerge Ahmadi",
        },
        {
            content: "There he is",
            trigger: ".o_mini_crm_merge_choice[data-person]:contains('Ahmadi')",
            run: "click",
        },
        {
            content: "The longer name is suggested",
            trigger:
                "[data-field='name'] .o_mini_crm_merge_chosen:contains('Tourmerge Sara Ahmadi')",
        },
        {
            content: "Choose the other phone",
            trigger:
                "[data-field='phone'] .o_mini_crm_merge_choice:not(.o_mini_crm_merge_chosen)",
            run: "click",
        },
        {
            content: "The preview says so",
            trigger: "[data-result='phone']:contains('72')",
        },
        {
            content: "Keep the first customer",
            trigger:
                ".o_mini_crm_merge_people .o_mini_crm_merge_choice:not(:contains('Ahmadi'))",
            run: "click",
        },
        {
            content: "He stays",
            trigger:
                ".o_mini_crm_merge_people .o_mini_crm_merge_chosen:not(:contains('Ahmadi'))",
        },
        {
            content: "Merge",
            trigger: ".o_mini_crm_merge_do:enabled",
            run: "click",
        },
        {
            content: "He has the other's name, and it can be taken back",
            trigger:
                "body:not(:has(.o_mini_crm_merge_do)) .o_mini_crm_customer_form .o_field_widget[name='name'] :value('Tourmerge Sara Ahmadi')",
        },
        {
            content: "Undo",
            trigger: ".o_notification_buttons button",
            run: "click",
        },
        {
            content: "He is as before",
            trigger:
                ".o_mini_crm_customer_form .o_field_widget[name='name'] :value('Tourmerge Sara')",
        },
    ],
});
