import {registry} from "@web/core/registry";

// Waits and clicks go by classes and data attributes: the tours run in two languages.

const OPEN_THE_WIZARD = [
    {
        content: "The shipped segments are there",
        trigger: ".o_mini_crm_segment_card:has(.o_mini_crm_segment_bar)",
    },
    {
        content: "Make a new one",
        trigger: ".o-kanban-button-new",
        run: "click",
    },
];

const CHOOSE_CONDITIONS = [
    {
        content: "Begin with what was spent",
        trigger: ".o_mini_crm_wizard_card[data-key='spent']",
        run: "click",
    },
    {
        content: "Nobody has spent that much",
        trigger: ".o_mini_crm_count[data-status='ready'][data-count='0']",
    },
    {
        content: "Ask for less",
        trigger:
            ".o_mini_crm_plain_row[data-field='total_spent'] .o_mini_crm_plain_number",
        run: "edit ۵۰",
    },
    {
        content: "Add another condition",
        trigger: ".o_mini_crm_plain_add_row",
        run: "click",
    },
    {
        content: "One customer has",
        trigger: ".o_mini_crm_count[data-status='ready'][data-count='1']",
    },
    {
        content: "A condition without its value does not go on",
        trigger: ".o_mini_crm_plain_open, .o_mini_crm_wizard_next:disabled",
    },
    {
        content: "It is about the stage",
        trigger:
            ".o_mini_crm_plain_row[data-field='crm_score'] .o_mini_crm_plain_field",
        run: "select journey_stage",
    },
    {
        content: "Choose one",
        trigger: ".o_mini_crm_plain_choices [data-value='purchase']",
        run: "click",
    },
    {
        content: "Look at it in the domain editor",
        trigger: ".o_mini_crm_wizard_next:enabled",
    },
    {
        content: "Open that",
        trigger: ".o_mini_crm_condition_switch",
        run: "click",
    },
    {
        content: "Odoo's editor shows both",
        trigger: ".o_mini_crm_condition .o_domain_selector",
    },
    {
        content: "Go back to plain words",
        trigger: ".o_mini_crm_condition_switch",
        run: "click",
    },
    {
        content: "Nothing was lost",
        trigger:
            ".o_mini_crm_plain_row[data-field='journey_stage'] .o_mini_crm_chip_active[data-value='purchase']",
    },
    {
        content: "Still one customer",
        trigger: ".o_mini_crm_count[data-status='ready'][data-count='1']",
    },
    {
        content: "Go on",
        trigger: ".o_mini_crm_wizard_next:enabled",
        run: "click",
    },
];

const NAME_IT = [
    {
        content: "Give it a name",
        trigger: ".o_mini_crm_wizard_name",
        run: "edit Big spenders",
    },
    {
        content: "And a colour",
        trigger: ".o_mini_crm_swatch[data-color='#E91E63']",
        run: "click",
    },
    {
        content: "Save",
        trigger: ".o_mini_crm_wizard_save:enabled",
        run: "click",
    },
];

registry.category("web_tour.tours").add("mini_crm_segment_wizard_desktop", {
    steps: () => [
        ...OPEN_THE_WIZARD,
        ...CHOOSE_CONDITIONS,
        ...NAME_IT,
        {
            content: "Its customer is listed",
            trigger:
                ".o_mini_crm_customer_list .o_data_row:only-of-type:contains('Tour Customer')",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_segment_wizard_phone", {
    steps: () => [
        ...OPEN_THE_WIZARD,
        ...CHOOSE_CONDITIONS,
        ...NAME_IT,
        {
            content: "Its customer has a card",
            trigger:
                ".o_mini_crm_customer_kanban .o_mini_crm_card:contains('Tour Customer')",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_segment_pins", {
    steps: () => [
        {
            content: "Open the segment itself",
            trigger:
                ".o_mini_crm_segment_card:contains('Tour Segment') .o_mini_crm_segment_edit",
            run: "click",
        },
        {
            content: "Open its members",
            trigger: "button[name='action_open_members']",
            run: "click",
        },
        {
            content: "Take the customer out",
            trigger: ".o_data_row:contains('Tour Customer') .o_mini_crm_pin_out",
            run: "click",
        },
        {
            content: "He is gone; undo that",
            trigger:
                ".o_web_client:not(:has(.o_data_row)) .o_notification .o_notification_buttons button",
            run: "click",
        },
        {
            content: "He is back; take him out after all",
            trigger: ".o_data_row:contains('Tour Customer') .o_mini_crm_pin_out",
            run: "click",
        },
        {
            content: "He is gone",
            trigger: ".o_web_client:not(:has(.o_data_row)) .o_notification",
        },
        {
            content: "Put somebody in",
            trigger: ".o_mini_crm_segment_add",
            run: "click",
        },
        {
            content: "Choose him",
            trigger:
                ".modal .o_data_row:contains('Other Customer') .o_list_record_selector",
            run: "click",
        },
        {
            content: "Say so",
            trigger: ".modal .o_select_button:enabled",
            run: "click",
        },
        {
            content: "He is in, by hand",
            trigger:
                "body:not(:has(.modal)) .o_data_row:contains('Other Customer') .o_mini_crm_pin_release",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_segment_picked", {
    steps: () => [
        {
            content: "Open the segment itself",
            trigger:
                ".o_mini_crm_segment_card:contains('Tour Picked') .o_mini_crm_segment_edit",
            run: "click",
        },
        {
            content: "Open its members",
            trigger: "button[name='action_open_members']",
            run: "click",
        },
        {
            content: "No condition could decide; take the customer out",
            trigger:
                ".o_data_row:contains('Tour Customer'):not(:has(.o_mini_crm_pin_release)) .o_mini_crm_pin_out",
            run: "click",
        },
        {
            content: "He is gone; undo that",
            trigger:
                ".o_web_client:not(:has(.o_data_row)) .o_notification .o_notification_buttons button",
            run: "click",
        },
        {
            content: "He is back; put in somebody else",
            trigger:
                ".o_web_client:has(.o_data_row:contains('Tour Customer')) .o_mini_crm_segment_add",
            run: "click",
        },
        {
            content: "Only who may be in it is offered",
            trigger:
                ".modal:has(.o_data_row:contains('Other Customer')):not(:has(.o_data_row:contains('Foreign Customer')))",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_segment_agent", {
    steps: () => [
        {
            content: "A card opens its customers",
            trigger: ".o_mini_crm_segment_card:contains('Tour Segment')",
            run: "click",
        },
        {
            content: "They are listed; open one",
            trigger:
                ".o_mini_crm_customer_list .o_data_row:contains('Tour Customer') td[name='name']",
            run: "click",
        },
        {
            content:
                "His segment is in his header, the timeline tells that he entered it",
            trigger:
                ".o_mini_crm_header .o_mini_crm_segment_chip:contains('Tour Segment')",
        },
        {
            content: "The timeline tells it",
            trigger:
                ".o_mini_crm_event[data-type='segment_changed']:contains('Tour Segment')",
        },
        {
            content: "The chip opens the segment's customers",
            trigger:
                ".o_mini_crm_header .o_mini_crm_segment_chip:contains('Tour Segment')",
            run: "click",
        },
        {
            content: "Here they are again",
            trigger: ".o_mini_crm_customer_list .o_data_row:contains('Tour Customer')",
        },
    ],
});
