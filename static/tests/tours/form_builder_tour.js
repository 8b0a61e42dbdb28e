import {registry} from "@web/core/registry";

// Waits and clicks go by classes and data attributes: the tours run in two languages.

const TYPES = ["text", "number", "date", "boolean", "select", "phone", "email", "url"];

const fieldOf = (type) =>
    `.o_mini_crm_builder_field[data-type='${type}']:not([data-key='birth_date'])`;

/** From nothing to a field on the form: one drag, its label, Enter. */
function dragField(type, target) {
    return [
        {
            content: `Drag a ${type} onto the form`,
            trigger: `.o_mini_crm_builder_type[data-type='${type}']`,
            run: `drag_and_drop ${target}`,
        },
        ...labelField(type),
    ];
}

function tapField(type) {
    return [
        {
            content: `Tap the ${type}`,
            trigger: `.o_mini_crm_builder_type[data-type='${type}']`,
            run: "click",
        },
        ...labelField(type),
    ];
}

function labelField(type) {
    return [
        {
            content: "Its label has the focus: write it, and press Enter",
            trigger: ".o_mini_crm_builder_draft input:focus",
            run: `edit Own ${type} && press Enter`,
        },
        {
            content: "It is a field",
            trigger: fieldOf(type),
        },
    ];
}

const ADD_SECTION = [
    {
        content: "Add a section",
        trigger: ".o_mini_crm_builder_section_add",
        run: "click",
    },
    {
        content: "Name it",
        trigger: ".o_mini_crm_builder_section_new",
        run: "edit Details && press Enter",
    },
    {
        content: "It is there",
        trigger: ".o_mini_crm_builder_section[data-section] .o_mini_crm_builder_section_name",
    },
];

const ADD_CHOICES = ["Small", "Large"].flatMap((name, index) => [
    {
        content: `Add the choice ${name}`,
        trigger: ".o_mini_crm_builder_option_new:value('')",
        run: `edit ${name} && press Enter`,
    },
    {
        content: "It is in the list",
        trigger: `.o_mini_crm_builder_option:nth-child(${index + 1})`,
    },
]);

const UNDO_AND_REDO = [
    {
        content: "Open the settings of the text",
        trigger: `${fieldOf("text")} .o_mini_crm_builder_open`,
        run: "click",
    },
    {
        content: "Make it required",
        trigger: `${fieldOf("text")} .o_mini_crm_builder_required[aria-pressed='false']`,
        run: "click",
    },
    {
        content: "It is",
        trigger: `${fieldOf("text")} .o_mini_crm_builder_required[aria-pressed='true']`,
    },
    {
        content: "Undo",
        trigger: ".o_mini_crm_builder_undo:enabled",
        run: "click",
    },
    {
        content: "It is no longer required: redo",
        trigger: `.o_mini_crm_builder:has(${fieldOf("text")} .o_mini_crm_builder_required[aria-pressed='false']) .o_mini_crm_builder_redo:enabled`,
        run: "click",
    },
    {
        content: "It is again",
        trigger: `${fieldOf("text")} .o_mini_crm_builder_required[aria-pressed='true']`,
    },
];

const TRY_A_VALUE = [
    {
        content: "Unfold the rules",
        trigger: `${fieldOf("text")} .o_mini_crm_builder_advanced`,
        run: "click",
    },
    {
        content: "At most five characters",
        trigger: "[data-rule='max_length']",
        run: "edit 5 && press Tab",
    },
    {
        content: "Try more",
        trigger: ".o_mini_crm_builder_try input",
        run: "edit seven letters && press Tab",
    },
    {
        content: "They are refused: try fewer",
        trigger:
            ".o_mini_crm_builder_rules:has([data-answer='refused']) .o_mini_crm_builder_try input",
        run: "edit five && press Tab",
    },
    {
        content: "They are accepted",
        trigger: "[data-answer='accepted']",
    },
];

const ARCHIVE_AND_RESTORE = [
    {
        content: "Archive the text",
        trigger: `${fieldOf("text")} .o_mini_crm_builder_archive`,
        run: "click",
    },
    {
        content: "It is gone from the form; take it back",
        trigger: `body:not(:has(${fieldOf("text")})) .o_notification_buttons button`,
        run: "click",
    },
    {
        content: "It is there again, where it was",
        trigger: fieldOf("text"),
    },
];

registry.category("web_tour.tours").add("mini_crm_form_builder_desktop", {
    steps: () => [
        {
            content: "A new shop is told how to begin",
            trigger: ".o_mini_crm_builder_empty",
        },
        ...dragField("text", ".o_mini_crm_builder_fields"),
        ...ADD_SECTION,
        ...TYPES.slice(1).flatMap((type) => [
            ...dragField(
                type,
                ".o_mini_crm_builder_section[data-section] .o_mini_crm_builder_fields",
            ),
            ...(type === "select" ? ADD_CHOICES : []),
        ]),
        {
            content: "Drag the text into the section",
            trigger: `${fieldOf("text")} .o_mini_crm_builder_handle`,
            run: `drag_and_drop ${fieldOf("number")}`,
        },
        {
            content: "It is there",
            trigger: `.o_mini_crm_builder_section[data-section] ${fieldOf("text")}`,
        },
        ...UNDO_AND_REDO,
        ...TRY_A_VALUE,
        ...ARCHIVE_AND_RESTORE,
        {
            content: "Beside it stands the real form",
            trigger: ".o_mini_crm_builder_preview .o_mini_crm_customer_form",
        },
    ],
});

registry.category("web_tour.tours").add("mini_crm_form_builder_phone", {
    steps: () => [
        {
            content: "The types are in reach of the thumb",
            trigger: ".o_mini_crm_builder_palette .o_mini_crm_builder_type",
        },
        ...ADD_SECTION,
        ...TYPES.flatMap((type) => [
            ...tapField(type),
            ...(type === "select" ? ADD_CHOICES : []),
        ]),
        ...UNDO_AND_REDO,
        ...TRY_A_VALUE,
        ...ARCHIVE_AND_RESTORE,
        {
            content: "Look at the form",
            trigger: ".o_mini_crm_builder_tab_preview",
            run: "click",
        },
        {
            content: "It is the real one",
            trigger: ".o_mini_crm_builder_preview .o_mini_crm_customer_form",
        },
    ],
});
