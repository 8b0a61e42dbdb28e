import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("mini_crm_industries", {
    steps: () => [
        {
            content: "All industries are there",
            trigger: ".o_mini_crm_industry:nth-child(20)",
        },
        {
            content: "Look at what retail brings",
            trigger: ".o_mini_crm_industry[data-industry='retail']",
            run: "click",
        },
        {
            content: "Its fields would be new, the choices show samples",
            trigger:
                ".o_mini_crm_industry_field[data-field='favorite_category'][data-status='new'] .o_tag_color_1",
        },
        {
            content: "Use them",
            trigger: ".o_mini_crm_industry_apply:enabled",
            run: "click",
        },
        {
            content: "The card says that they are in use",
            trigger:
                "body:not(:has(.modal)) .o_mini_crm_industry_applied[data-industry='retail']",
        },
        {
            content: "Undo",
            trigger: ".o_notification .o_notification_buttons button:last-child",
            run: "click",
        },
        {
            content: "The card says that they are not",
            trigger:
                ".o_mini_crm_industry[data-industry='retail']:not(.o_mini_crm_industry_applied)",
        },
        {
            content: "Change one's mind",
            trigger: ".o_mini_crm_industry[data-industry='retail']",
            run: "click",
        },
        {
            content: "Use them after all",
            trigger: ".o_mini_crm_industry_apply:enabled",
            run: "click",
        },
        {
            content: "They are in use",
            trigger:
                "body:not(:has(.modal)) .o_mini_crm_industry_applied[data-industry='retail']",
        },
        {
            content: "Look again",
            trigger: ".o_mini_crm_industry[data-industry='retail']",
            run: "click",
        },
        {
            content: "Nothing is left to add",
            trigger: ".modal .o_mini_crm_industry_nothing",
        },
        {
            content: "All fields are told to be there",
            trigger:
                ".o_mini_crm_industry_field[data-field='birth_date'][data-status='present']",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_industry_customer", {
    steps: () => [
        {
            content: "The customer's form is there",
            trigger: ".o_mini_crm_customer_form .o_mini_crm_header",
        },
        {
            content: "Open the custom fields",
            trigger: ".o_notebook_headers [name='mini_crm_custom_fields']",
            run: "click",
        },
        {
            content: "The birth date is there",
            trigger: ".o_notebook_content .o_field_widget[name='custom_date_1']",
        },
        {
            content: "Make a VIP of the customer",
            trigger: ".o_field_widget[name='custom_boolean_1'] input",
            run: "click",
        },
        {
            content: "Give points",
            trigger: ".o_field_widget[name='custom_number_1'] input",
            run: "edit 1200",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is saved",
            trigger: ".o_form_status_indicator_buttons.invisible:not(:visible)",
        },
    ],
});
