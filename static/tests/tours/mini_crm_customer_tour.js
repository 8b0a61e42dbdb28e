import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// Waits and clicks go by classes and data attributes: the tours run in two languages.

const OPEN_CUSTOMER = [
    {
        content: "The customer's form is there",
        trigger: ".o_mini_crm_customer_form .o_mini_crm_header",
    },
    {
        content: "His timeline has been loaded",
        trigger: ".o_mini_crm_timeline[data-status='ready']",
    },
];

const LOG_A_CALL = [
    {
        content: "Press Call",
        trigger: ".o_mini_crm_action_call",
        run: "click",
    },
    {
        content: "Say that he answered",
        trigger: ".o_mini_crm_call_choice [data-outcome='answered']",
        run: "click",
    },
    {
        content: "The choice is gone",
        trigger: "body:not(:has(.o_mini_crm_call_choice))",
    },
    {
        content: "The call is in the timeline",
        trigger: ".o_mini_crm_event[data-type='call_logged']",
    },
    {
        content: "The score is no longer unknown",
        trigger: ".o_mini_crm_header .o_mini_crm_ring:not(.o_mini_crm_health_none)",
    },
    {
        content: "The last contact is no longer never",
        trigger:
            ".o_mini_crm_facts .o_mini_crm_relative_time:not(.o_mini_crm_relative_time_never)",
    },
];

const READ_THE_EXPLANATION = [
    {
        content: "Open the insights",
        trigger: ".o_notebook_headers [name='insights']",
        run: "click",
    },
    {
        content: "Unfold the engagement",
        trigger: "[data-part='engagement'] button",
        run: "click",
    },
    {
        content: "Its facts are shown",
        trigger: "[data-part='engagement'] .o_mini_crm_factor:nth-child(3)",
    },
    {
        content: "Recalculate",
        trigger: ".o_mini_crm_recalculate",
        run: "click",
    },
    {
        content: "The explanation is there again",
        trigger: ".o_mini_crm_recalculate:enabled",
    },
    {
        content: "And the form has nothing left to save",
        trigger: ".o_form_view .o_form_saved, .o_form_view:not(:has(.o_form_dirty))",
    },
];

registry.category("web_tour.tours").add("mini_crm_customer_desktop", {
    steps: () => [
        {
            content: "The list shows customers with their scores",
            trigger: ".o_mini_crm_customer_list .o_data_row .o_mini_crm_ring",
        },
        {
            content: "Look for one",
            trigger: ".o_searchview_input",
            run: "edit Tour Customer",
        },
        {
            content: "Search by name, phone, e-mail or reference",
            trigger: ".o_searchview_autocomplete .o-dropdown-item",
            run: "click",
        },
        {
            content: "Only one is left: open him",
            trigger:
                ".o_mini_crm_customer_list tbody:not(:has(.o_data_row:nth-child(2))) .o_data_row .o_mini_crm_name",
            run: "click",
        },
        ...OPEN_CUSTOMER,
        ...LOG_A_CALL,
        ...READ_THE_EXPLANATION,
    ],
});

registry.category("web_tour.tours").add("mini_crm_customer_phone", {
    steps: () => [
        {
            content: "A phone shows cards",
            trigger: ".o_mini_crm_customer_kanban .o_mini_crm_card .o_mini_crm_ring",
        },
        {
            content: "One tap shows the new ones",
            trigger: ".o_mini_crm_chip[data-filter='new_7']",
            run: "click",
        },
        {
            content: "The chip says that it is on",
            trigger: ".o_mini_crm_chip[data-filter='new_7'][aria-pressed='true']",
        },
        {
            content: "Open the customer",
            trigger:
                ".o_mini_crm_card:has([href='tel:+989120009999']) .o_mini_crm_card_name",
            run: "click",
        },
        ...OPEN_CUSTOMER,
        ...LOG_A_CALL,
        ...READ_THE_EXPLANATION,
    ],
});

registry.category("web_tour.tours").add("mini_crm_customer_new", {
    steps: () => [
        {
            content: "Press New",
            trigger: ".o_mini_crm_customer_list .o_list_button_add",
            run: "click",
        },
        {
            content: "Write a name",
            trigger: ".o_mini_crm_header [name='name'] input",
            run: "edit Newest Customer",
        },
        {
            content: "And a phone number",
            trigger: ".o_mini_crm_header [name='phone'] input",
            run: "edit +989120008888",
        },
        ...stepUtils.saveForm(),
        {
            content: "Now there are quick actions: write down a purchase",
            trigger: ".o_mini_crm_action_purchase",
            run: "click",
        },
        {
            content: "Its amount",
            trigger: ".modal .o_mini_crm_purchase_quick [name='amount'] input",
            run: "edit 120",
        },
        {
            content: "Save it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It is in the timeline",
            trigger: ".o_mini_crm_event[data-type='purchase_made']",
        },
        {
            content: "And the stage has moved to purchase",
            trigger: ".o_mini_crm_path_current [data-stage='purchase']",
        },
        {
            content: "Set another stage by hand",
            trigger: "[data-stage='advocacy']",
            run: "click",
        },
        {
            content: "For a month",
            trigger: ".o_mini_crm_choice .o_mini_crm_choice_button",
            run: "click",
        },
        {
            content: "It holds",
            trigger: ".o_mini_crm_path_current [data-stage='advocacy']",
        },
        {
            content: "Take it back",
            trigger: ".o_notification_buttons button",
            run: "click",
        },
        {
            content: "It follows the facts again",
            trigger: ".o_mini_crm_path_current [data-stage='purchase']",
        },
    ],
});
