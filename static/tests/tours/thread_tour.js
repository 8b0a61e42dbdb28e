import {registry} from "@web/core/registry";

// Waits and clicks go by classes and data attributes: the tours run in two languages.

const ANSWER = [
    {
        content: "Press Message",
        trigger: ".o_mini_crm_action_message",
        run: "click",
    },
    {
        content: "The conversation is there and the box has the cursor",
        trigger:
            ".o_mini_crm_conversation[data-status='ready'] .o_mini_crm_reply_text:focus",
    },
    {
        content: "His first message is there",
        trigger: ".o_mini_crm_said_in:contains('First words')",
    },
    {
        content: "Write an answer",
        trigger: ".o_mini_crm_reply_text",
        run: "edit Yes, it is.",
    },
    {
        content: "Send it",
        trigger: ".o_mini_crm_reply_send:enabled",
        run: "click",
    },
    {
        content: "It waits to be sent",
        trigger: ".o_mini_crm_said_out[data-state='queued']:contains('Yes, it is.')",
    },
    {
        content: "The box is empty again",
        trigger: ".o_mini_crm_reply:has(.o_mini_crm_reply_send:disabled)",
    },
];

registry.category("web_tour.tours").add("mini_crm_thread", {
    steps: () => [
        {
            content: "The one who waits longest stands first",
            trigger:
                ".o_mini_crm_waiting_list .o_data_row:first-child .o_mini_crm_wait.o_mini_crm_tone_danger",
            run: "click",
        },
        {
            content: "His conversation opens at once",
            trigger: ".o_mini_crm_conversation[data-status='ready']",
        },
        ...ANSWER,
        {
            content: "Close what he does not wait for",
            trigger: ".o_mini_crm_no_answer",
            run: "click",
        },
        {
            content: "He does not wait any more",
            trigger: ".o_mini_crm_conversation_bar:not(:has(.o_mini_crm_no_answer))",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_thread_phone", {
    steps: () => [
        {
            content: "A phone shows cards: tap the first",
            trigger:
                ".o_mini_crm_waiting_cards .o_kanban_record:first-child .o_mini_crm_waiting_words",
            run: "click",
        },
        {
            content: "His conversation opens at once",
            trigger: ".o_mini_crm_conversation[data-status='ready']",
        },
        ...ANSWER,
        {
            content: "Log a call from here",
            trigger: ".o_mini_crm_conversation_call",
            run: "click",
        },
        {
            content: "He answered",
            trigger: ".o_mini_crm_call_choice [data-outcome='answered']",
            run: "click",
        },
        {
            content: "The call is in the thread",
            trigger: ".o_mini_crm_said_call[data-kind='call']",
        },
    ],
});
