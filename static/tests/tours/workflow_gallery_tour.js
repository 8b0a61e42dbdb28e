import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("mini_crm_workflow_gallery", {
    steps: () => [
        {
            content: "New leads to the gallery",
            trigger: ".o_list_button_add, .o-kanban-button-new",
            run: "click",
        },
        {
            content: "The welcome says which channels it needs",
            trigger:
                "[data-template='welcome'] .o_mini_crm_gallery_channels .fa-instagram",
        },
        {
            content: "It says how many customers it reaches",
            trigger: "[data-template='welcome'] .o_mini_crm_gallery_reach",
        },
        {
            content: "Take it",
            trigger: "[data-template='welcome']",
            run: "click",
        },
        {
            content: "The editor shows its steps, and nothing is wrong",
            trigger: ".o_mini_crm_workflow[data-status='saved'] [data-kind='ask']",
        },
        {
            content: "It can be published",
            trigger: ".o_mini_crm_workflow_publish:enabled",
            run: "click",
        },
        {
            content: "It runs",
            trigger: ".o_mini_crm_workflow_pause",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_workflow_log", {
    steps: () => [
        {
            content: "Open the automations",
            trigger: ".o_notebook_headers [name='automations']",
            run: "click",
        },
        {
            content: "Nothing has happened yet",
            trigger: ".o_mini_crm_workflow_log[data-status='ready']",
        },
        {
            content: "Start a workflow",
            trigger: ".o_mini_crm_workflow_log_start",
            run: "click",
        },
        {
            content: "Choose it",
            trigger: ".o_mini_crm_workflow_start_one:contains('Call back')",
            run: "click",
        },
        {
            content: "The run waits",
            trigger: ".o_mini_crm_workflow_log_run:contains('Call back')",
        },
        {
            content: "Stop it",
            trigger: ".o_mini_crm_workflow_log_stop",
            run: "click",
        },
        {
            content: "It is stopped",
            trigger:
                ".o_mini_crm_workflow_log_run:not(:has(.o_mini_crm_workflow_log_stop))",
        },
    ],
});
