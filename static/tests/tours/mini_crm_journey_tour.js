import {registry} from "@web/core/registry";

// Looks at the map, opens who is behind a number, and comes back. Finds everything by
// names of ours, so it runs in any language.

const stage = (name) => `.o_mini_crm_funnel_stage[data-stage="${name}"]`;

function lookAndOpen(list) {
    return [
        {
            content: "Two customers have bought once",
            trigger: `${stage("purchase")} .o_mini_crm_funnel_number:text("2")`,
        },
        {
            content: "Choose all time",
            trigger: '.o_mini_crm_chip[data-period="all"]',
            run: "click",
        },
        {
            content: "All time is chosen",
            trigger: '.o_mini_crm_chip_active[data-period="all"]',
        },
        {
            content: "Open who moved on from the first stage",
            trigger: `${stage("awareness")} [data-fact="forward"]:enabled`,
            run: "click",
        },
        {
            content: "They are listed, and nobody else",
            trigger: `${list}:contains("Mover One"):contains("Mover Two"):not(:contains("Stayer"))`,
        },
    ];
}

registry.category("web_tour.tours").add("mini_crm_journey_desktop", {
    steps: () => [
        ...lookAndOpen(".o_list_renderer"),
        {
            content: "Go back to the map",
            trigger: ".o_back_button, .breadcrumb-item:first a",
            run: "click",
        },
        {
            content: "It is as it was left",
            trigger: '.o_mini_crm_chip_active[data-period="all"]',
        },
        {
            content: "Unfold the tables",
            trigger: ".o_mini_crm_journey_tables summary",
            run: "click",
        },
        {
            content: "Open one kind of move",
            trigger: '[data-move="awareness-purchase"]:text("2")',
            run: "click",
        },
        {
            content: "Its customers are listed",
            trigger: '.o_list_renderer:contains("Mover Two"):not(:contains("Stayer"))',
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_journey_phone", {
    steps: () => lookAndOpen(".o_kanban_renderer"),
});

registry.category("web_tour.tours").add("mini_crm_journey_empty", {
    steps: () => [
        {
            content: "A new shop is told what to do",
            trigger: ".o_mini_crm_journey .o_mini_crm_state .btn-primary",
            run: "click",
        },
        {
            content: "The form of a new customer is there",
            trigger: '.o_form_view .o_field_widget[name="name"]',
        },
    ],
});
