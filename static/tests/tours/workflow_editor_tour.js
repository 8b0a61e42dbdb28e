import {registry} from "@web/core/registry";

const MOST = 11; // actions: the promise is "under 12"

/**
 * From the empty canvas to a saved question. Each of the steps that act is one action of
 * a person; the others only look.
 */
function counted(steps) {
    const actions = steps.filter(({run}) => run).length;
    if (actions > MOST) {
        throw new Error(`It takes ${actions} actions, at most ${MOST} are promised.`);
    }
    return steps;
}

const chooseTrigger = [
    {
        content: "Tap what starts it",
        trigger: ".o_mini_crm_workflow_trigger",
        run: "click",
    },
    {
        content: "A customer writes",
        trigger: "[data-trigger='message_received']",
        run: "click",
    },
];

const addQuestion = [
    {
        content: "Tap the plus below it",
        trigger: ".o_mini_crm_workflow_plus[data-place='/next']",
        run: "click",
    },
    {
        content: "Ask a question",
        trigger: ".o_mini_crm_choice_button[data-kind='ask']",
        run: "click",
    },
];

const settings = [
    {
        content: "Write the question",
        trigger: "[data-setting='text'] textarea",
        run: "edit What is your phone number?",
    },
    {
        content: "A phone number is asked for",
        trigger: "[data-setting='answer'] select",
        run: "select phone",
    },
    {
        content: "It is saved as the customer's phone",
        trigger: "[data-setting='save_to'] select",
        run: "select phone",
    },
];

const done = {
    content: "Close the sheet",
    trigger: ".o_mini_crm_workflow_done",
    run: "click",
};

const sheetIsGone = {
    content: "The sheet is gone",
    trigger: "body:not(:has(.o_bottom_sheet))",
};

const saved = [
    {
        content: "It has saved itself",
        trigger:
            ".o_mini_crm_workflow[data-status='saved'] .o_mini_crm_workflow_card[data-kind='ask']",
    },
    {
        content: "Nothing keeps it from being published",
        trigger: ".o_mini_crm_workflow_publish:enabled",
    },
];

/** Tried on a customer, published and paused, each by its button. */
const used = [
    {
        content: "Try it on a customer",
        trigger: ".o_mini_crm_workflow_test_button",
        run: "click",
    },
    {
        content: "Look for him",
        trigger: ".o_mini_crm_workflow_test input",
        run: "edit Tried Customer",
    },
    {
        content: "Choose him",
        trigger: ".o-autocomplete--dropdown-item:contains('Tried Customer')",
        run: "click",
    },
    {
        content: "His way is shown with the text that he would get",
        trigger:
            ".o_mini_crm_workflow_test li[data-node='n1'] .o_mini_crm_workflow_bubble:contains('What is your phone number?')",
    },
    {
        content: "So is the way out of the question",
        trigger:
            ".o_mini_crm_workflow_test li[data-node='n1'] .o_mini_crm_workflow_label",
    },
    {
        content: "Close it",
        trigger: ".modal-footer .btn-secondary",
        run: "click",
    },
    {
        content: "Publish it",
        trigger: "body:not(:has(.modal)) .o_mini_crm_workflow_publish:enabled",
        run: "click",
    },
    {
        content: "It runs, with nothing left to publish: pause it",
        trigger:
            ".o_mini_crm_workflow_bar:not(:has(.o_mini_crm_workflow_publish)) .o_mini_crm_workflow_pause:enabled",
        run: "click",
    },
    {
        content: "It is paused, and can go on",
        trigger: ".o_mini_crm_workflow_resume.btn-primary:enabled",
    },
];

registry.category("web_tour.tours").add("mini_crm_workflow_ask_desktop", {
    steps: () => [
        ...counted([
            {
                content: "The canvas is empty",
                trigger: ".o_mini_crm_workflow_canvas .o_mini_crm_workflow_trigger",
            },
            ...chooseTrigger,
            ...addQuestion,
            ...settings,
            ...saved,
        ]),
        ...used,
    ],
});

registry.category("web_tour.tours").add("mini_crm_workflow_ask_phone", {
    steps: () => [
        ...counted([
            {
                content: "The outline is empty",
                trigger: ".o_mini_crm_workflow_outline .o_mini_crm_workflow_trigger",
            },
            ...chooseTrigger,
            done,
            sheetIsGone,
            ...addQuestion,
            ...settings,
            done,
            sheetIsGone,
            {
                content: "Nothing scrolls sideways",
                trigger: ".o_mini_crm_workflow_outline",
                run() {
                    const {scrollWidth, clientWidth} = document.documentElement;
                    if (scrollWidth > clientWidth) {
                        throw new Error(`${scrollWidth} px on ${clientWidth} px.`);
                    }
                },
            },
            ...saved,
        ]),
        ...used,
    ],
});
