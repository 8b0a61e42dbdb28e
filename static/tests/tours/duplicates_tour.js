import {registry} from "@web/core/registry";

// Finds everything by names of ours, so it runs in any language.

const open = '.o_mini_crm_pair[data-state="open"]';
const decided = '.o_mini_crm_pair[data-state="not_duplicate"]';

registry.category("web_tour.tours").add("mini_crm_duplicates", {
    steps: () => [
        {
            content: "Nobody was compared yet: compare everybody",
            trigger: ".o_mini_crm_duplicates_first",
            run: "click",
        },
        {
            content: "Two pairs wait; the first is no duplicate",
            trigger: `.o_mini_crm_duplicates_page:has(${open}:eq(1)) ${open}:first .o_mini_crm_pair_apart`,
            run: "click",
        },
        {
            content: "It steps aside, and can be taken back",
            trigger: `${decided} .o_mini_crm_pair_undo`,
            run: "click",
        },
        {
            content: "It is back; say no once more",
            trigger: `.o_mini_crm_duplicates_page:not(:has(${decided})) ${open}:first .o_mini_crm_pair_apart`,
            run: "click",
        },
        {
            content: "It has stepped aside again",
            trigger: decided,
        },
        {
            content: "Look at the other pair",
            trigger: `${open} .o_mini_crm_pair_who:first`,
            run: "click",
        },
        {
            content: "Its customer opens",
            trigger: ".o_mini_crm_customer_form",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_look_alikes", {
    steps: () => [
        {
            content: "Type a name that is in the book",
            trigger: '.o_mini_crm_customer_form .o_field_widget[name="name"] input',
            run: "edit Tour Zeta",
        },
        {
            content: "And the phone",
            trigger: '.o_mini_crm_customer_form .o_field_widget[name="phone"] input',
            run: "edit +98 912 555 0111",
        },
        {
            content: "Leave the field",
            trigger: '.o_mini_crm_customer_form .o_field_widget[name="email"] input',
            run: "click",
        },
        {
            content: "Both who are there are named",
            trigger: ".o_mini_crm_look_alikes a[data-id]:eq(1)",
        },
        {
            content: "Discard",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            content: "The list is back",
            trigger: ".o_list_view, .o_kanban_view, .o_form_view",
        },
    ],
});
