import {registry} from "@web/core/registry";

// What stands in these fields writes an error to the console if it is ever executed,
// and an error in the console fails the tour.
registry.category("web_tour.tours").add("mini_crm_nasty_strings", {
    steps: () => [
        {
            content: "The list shows the markup as text",
            trigger: ".o_data_row [name='custom_text_30']:contains('<img')",
        },
        {
            content: "Open the customer",
            trigger: ".o_data_row:has(td:contains('<img')) .o_mini_crm_name",
            run: "click",
        },
        {
            content: "Open the custom fields",
            trigger: ".o_notebook_headers [name='mini_crm_custom_fields']",
            run: "click",
        },
        {
            content: "The form shows it as text, and so it does the label",
            trigger: ".o_notebook_content .o_form_label:contains('<img')",
        },
        {
            content: "Open the timeline",
            trigger: ".o_notebook_headers [name='timeline']",
            run: "click",
        },
        {
            content: "The change is told, as text",
            trigger: ".o_mini_crm_timeline:contains('<img')",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_nasty_builder", {
    steps: () => [
        {
            content: "The form builder has the field",
            trigger: ".o_mini_crm_builder_field[data-key='nasty'][aria-label*='<img']",
        },
        {
            content: "Its preview shows the label as text",
            trigger: ".o_mini_crm_builder_preview .o_form_label:contains('<img')",
        },
    ],
});
