import {registry} from "@web/core/registry";

// Waits and clicks go by classes and data attributes: the tours run in two languages.

const READY = ".o_mini_crm_filters[data-status='ready']";
const kind = (name) => `.o_mini_crm_filter_section[data-kind='${name}']`;
const left = (count) => ({
    content: `The button says that ${count} are left`,
    trigger: `.o_mini_crm_filter_apply[data-count='${count}']`,
});

const OPEN = [
    {
        content: "Open the filters",
        trigger: ".o_mini_crm_filter_button",
        run: "click",
    },
    {
        content: "They are there",
        trigger: READY,
    },
];

const CHOOSE_FIVE_KINDS = [
    {
        content: "Never contacted",
        trigger: `${kind("contact")} [data-value='never']`,
        run: "click",
    },
    {
        content: "With the tag of the tour",
        trigger: `${kind("tags")} .o_mini_crm_chip:has(.o_mini_crm_filter_name:contains(Tour tag))`,
        run: "click",
    },
    left(2),
    {
        content: "Who has bought at least twice, written in Persian digits",
        trigger: `${kind("purchases")} [data-side='min']`,
        run: "edit ۲ && press Tab",
    },
    left(1),
    {
        content: "And spent at least 150",
        trigger: `${kind("spent")} [data-side='min']`,
        run: "edit 150 && press Tab",
    },
    {
        content: "With a score up to 90",
        trigger: `${kind("score")} .o_mini_crm_slider_to`,
        run: "range 90",
    },
    left(1),
];

const APPLY = [
    {
        content: "Show them",
        trigger: ".o_mini_crm_filter_apply",
        run: "click",
    },
    {
        content: "The panel is gone, the button says that five kinds are on",
        trigger:
            "body:not(:has(.o_mini_crm_filters)) .o_mini_crm_filter_applied:contains(5)",
    },
];

const RELOAD = [
    {
        content: "Load the page again",
        trigger: ".o_mini_crm_filter_applied",
        run: () => window.location.reload(),
        expectUnloadPage: true,
    },
    {
        content: "The filters are still on",
        trigger: ".o_mini_crm_filter_applied:contains(5)",
    },
];

const REOPENED = [
    ...OPEN,
    {
        content: "The panel shows what is on",
        trigger: `${kind("contact")} [data-value='never'][aria-pressed='true']`,
    },
    {
        content: "The slider too",
        trigger: `${kind("score")} .o_mini_crm_slider_high:contains(90)`,
    },
];

const RESET = [
    {
        content: "Take all of it away",
        trigger: ".o_mini_crm_filter_reset",
        run: "click",
    },
    {
        content: "Nothing is on",
        trigger: `.o_mini_crm_filter_button:not(:has(.o_mini_crm_filter_applied))`,
    },
    {
        content: "And nothing is chosen",
        trigger: `${kind("contact")}:not(:has([aria-pressed='true']))`,
    },
];

const SAVE = [
    {
        content: "At risk, for instance",
        trigger: `${kind("health")} [data-value='red']`,
        run: "click",
    },
    {
        content: "Unfold what saves it",
        trigger: ".o_mini_crm_filter_keep summary",
        run: "click",
    },
    {
        content: "Save without a name",
        trigger: ".o_mini_crm_filter_save",
        run: "click",
    },
    {
        content: "A name is asked for",
        trigger: ".o_mini_crm_filter_keep .o_mini_crm_filter_wrong",
    },
    {
        content: "Give one",
        trigger: ".o_mini_crm_filter_save_name",
        run: "edit Tour favorite",
    },
];

const SHARE = {
    content: "Everybody can use it",
    trigger: ".o_mini_crm_filter_share input",
    run: "click",
};

const SAVED = [
    {
        content: "Save it",
        trigger: ".o_mini_crm_filter_save",
        run: "click",
    },
    {
        content: "The panel is gone",
        trigger: "body:not(:has(.o_mini_crm_filters))",
    },
    ...OPEN,
    {
        content: "The panel shows the favorite that is on",
        trigger: `${kind("health")} [data-value='red'][aria-pressed='true']`,
    },
];

registry.category("web_tour.tours").add("mini_crm_filter_panel_desktop", {
    steps: () => [
        {
            content: "The list is there",
            trigger: ".o_mini_crm_customer_list .o_data_row",
        },
        ...OPEN,
        ...CHOOSE_FIVE_KINDS,
        ...APPLY,
        {
            content: "One facet, one customer",
            trigger:
                ".o_action_manager:has(.o_searchview_facet:only-of-type) .o_mini_crm_customer_list tbody:not(:has(.o_data_row:nth-child(2))) .o_mini_crm_name:contains(Tour Customer)",
        },
        {
            content: "Show them as cards",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "It is the same one",
            trigger:
                ".o_mini_crm_customer_kanban .o_mini_crm_card:contains(Tour Customer)",
        },
        {
            content: "By the same filters",
            trigger: ".o_mini_crm_filter_applied:contains(5)",
        },
        ...RELOAD,
        ...REOPENED,
        ...RESET,
        ...SAVE,
        SHARE,
        ...SAVED,
        {
            content: "It is a favorite of Odoo",
            trigger: ".o_searchview_facet .btn-favourite",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_filter_panel_phone", {
    steps: () => [
        {
            content: "The cards are there",
            trigger: ".o_mini_crm_customer_kanban .o_mini_crm_card",
        },
        ...OPEN,
        {
            content: "From below",
            trigger: `.o_bottom_sheet ${READY}`,
        },
        ...CHOOSE_FIVE_KINDS,
        ...APPLY,
        {
            content: "Only he is left",
            trigger:
                ".o_mini_crm_customer_kanban .o_mini_crm_card:contains(Tour Customer)",
        },
        ...RELOAD,
        ...REOPENED,
        ...RESET,
        ...SAVE,
        ...SAVED,
    ],
});
