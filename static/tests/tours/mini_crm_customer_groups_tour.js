import {registry} from "@web/core/registry";

// Groups the list by one field, then shows the same as cards.

function group(name, rows) {
    return [
        {
            content: "Open the menu of the search box",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: `Group by ${name}`,
            trigger: `.o_group_by_menu .o_menu_item:text("${name}")`,
            run: "click",
        },
        {
            content: "Close the menu",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        ...rows.map((label) => ({
            content: `The group ${label} is there, with its number`,
            trigger: `.o_group_header .o_group_name:contains("${label}")`,
        })),
        {
            content: "Take the grouping away",
            trigger: ".o_facet_remove",
            run: "click",
        },
        {
            content: "The plain list is back",
            trigger: ".o_list_renderer:not(:has(.o_group_header)) .o_data_row",
        },
    ];
}

registry.category("web_tour.tours").add("mini_crm_customer_groups", {
    steps: () => [
        {content: "The list is there", trigger: ".o_list_renderer .o_data_row"},
        ...group("Health", ["At risk (1)"]),
        ...group("Tag", ["Loud (2)", "Quiet (1)"]),
        {
            content: "Open the menu of the search box",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Group by stage",
            trigger: '.o_group_by_menu .o_menu_item:contains("Stage")',
            run: "click",
        },
        {
            content: "The groups are there",
            trigger: '.o_group_header .o_group_name:contains("Purchase (1)")',
        },
        {
            content: "Show cards",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "A column for each stage",
            trigger: '.o_kanban_group:contains("Purchase") .o_kanban_record',
        },
    ],
});
