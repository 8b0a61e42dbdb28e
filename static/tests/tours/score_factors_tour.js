import {registry} from "@web/core/registry";

/** Put the cursor of a slider somewhere, as a hand does. */
function slide(percent) {
    return ({anchor}) => {
        anchor.value = percent;
        anchor.dispatchEvent(new Event("input", {bubbles: true}));
    };
}

registry.category("web_tour.tours").add("mini_crm_score_factors", {
    steps: () => [
        {
            content: "The settings in use change no score",
            trigger: ".o_mini_crm_preview_sum",
        },
        {
            content: "Engagement shall count more",
            trigger: "#weight-engagement",
            run: slide(70),
        },
        {
            content: "The other factors gave in proportion",
            trigger: ".o_mini_crm_weight[data-factor='loyalty'] b:contains('5')",
        },
        {
            content: "Somebody's score would change",
            trigger: ".o_mini_crm_preview_examples li",
        },
        {
            content: "Use these settings",
            trigger: ".o_mini_crm_score_use:enabled",
            run: "click",
        },
        {
            content: "They are in use, and can be undone",
            trigger: ".o_notification .o_notification_buttons button",
        },
        {
            content: "There is nothing more to use",
            trigger: ".o_mini_crm_score_use:disabled",
        },
        {
            content: "Undo",
            trigger: ".o_notification .o_notification_buttons button",
            run: "click",
        },
        {
            content: "Engagement counts as before",
            trigger: ".o_mini_crm_weight[data-factor='engagement'] b:contains('40')",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_score_story", {
    steps: () => [
        {
            content: "The health says what it means",
            trigger: ".o_mini_crm_health_advice.o_mini_crm_health_red p b",
        },
        {
            content: "Since when the stage holds is told",
            trigger: ".o_mini_crm_path_since",
        },
        {
            content: "Look at the insights",
            trigger: ".o_notebook_headers [name='insights']",
            run: "click",
        },
        {
            content: "What has changed the score is told",
            trigger: ".o_mini_crm_score_change [data-reason='engagement']",
        },
        {
            content: "The line of the last 90 days is drawn",
            trigger: ".o_mini_crm_score_line .o_mini_crm_chart_end",
        },
        {
            content: "Act on the health",
            trigger: ".o_mini_crm_health_action.btn-primary",
            run: "click",
        },
        {
            content: "The choice of the call's outcome opens",
            trigger: ".o_mini_crm_call_choice",
        },
    ],
});
