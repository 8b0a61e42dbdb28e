import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("mini_crm_channel_telegram", {
    steps: () => [
        {
            content: "All four kinds are offered",
            trigger: ".o_mini_crm_channel_kind:nth-child(4)",
        },
        {
            content: "Choose Telegram",
            trigger: ".o_mini_crm_channel_kind[data-kind='telegram']",
            run: "click",
        },
        {
            content: "How to get a token is told",
            trigger: ".o_mini_crm_channel_how li:nth-child(3)",
        },
        {
            content: "Paste a wrong one",
            trigger: "[data-secret='token'] input",
            run: "edit hello",
        },
        {
            content: "Test it",
            trigger: "[data-secret='token'] button[type='submit']",
            run: "click",
        },
        {
            content: "What is wrong is told, and what was pasted is still there",
            trigger: ".o_mini_crm_channel_error",
        },
        {
            content: "Paste the right one",
            trigger: "[data-secret='token'] input",
            run: "edit 123456789:AAF-planted-bot-token-of-the-test",
        },
        {
            content: "Test and connect",
            trigger: "[data-secret='token'] button[type='submit']:enabled",
            run: "click",
        },
        {
            content: "It is connected; without a public address we ask Telegram",
            trigger:
                ".o_mini_crm_channel_setup[data-state='live'] [data-way='polling'][aria-pressed='true']",
        },
        {
            content: "The first message shows by itself",
            trigger: ".o_mini_crm_channel_message:contains('Sara')",
        },
        {
            content: "Back to all channels",
            trigger: ".o_mini_crm_channel_back",
            run: "click",
        },
        {
            content: "The card says that it is connected",
            trigger:
                ".o_mini_crm_channel_card[data-kind='telegram'][data-state='live']",
        },
    ],
});
