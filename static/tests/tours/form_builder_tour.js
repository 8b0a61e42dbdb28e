import {animationFrame, drag} from "@odoo/hoot-dom";
import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

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
        trigger:
            ".o_mini_crm_builder_section[data-section] .o_mini_crm_builder_section_name",
    },
];

const ADD_CHOICES = ["Small", "Large"].flatMap((name, index) => [
    {
        content: `Add the choice ${name}`,
        trigger: `.o_mini_crm_builder_options:not(:has(.o_mini_crm_builder_option:nth-child(${index + 1}))) .o_mini_crm_builder_option_new`,
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
            async run() {
                const {moveTo, drop} = await drag(this.anchor);
                // The first move begins it: only then sections notice who enters.
                await moveTo(".o_mini_crm_builder_section_add");
                await animationFrame();
                await moveTo(
                    ".o_mini_crm_builder_section[data-section] .o_mini_crm_builder_fields",
                );
                await animationFrame();
                await drop();
            },
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

const EVERYWHERE = "Own text";
const MOST_CLICKS = 6;
let clicks = 0;

function countClick({target}) {
    // The preview turns its own pages.
    clicks += target.closest(".o_mini_crm_builder_preview") ? 0 : 1;
}

registry.category("web_tour.tours").add("mini_crm_form_builder_everywhere", {
    steps: () => [
        {
            content: "Count the clicks from nothing",
            trigger: ".o_mini_crm_builder_palette",
            run() {
                clicks = 0;
                document.addEventListener("click", countClick, true);
            },
        },
        ...tapField("text"),
        {
            content: "To a field that can be seen on the form",
            trigger: `.o_mini_crm_builder_preview .o_form_label:contains(${EVERYWHERE})`,
            run() {
                document.removeEventListener("click", countClick, true);
                if (!clicks || clicks > MOST_CLICKS) {
                    throw new Error(`${clicks} clicks, at most ${MOST_CLICKS}`);
                }
            },
        },
        {
            content: "Show it in the list, too",
            trigger: `${fieldOf("text")} [data-view='show_in_list'][aria-pressed='false']`,
            run: "click",
        },
        {
            content: "It says so; open its settings",
            trigger: `${fieldOf("text")}:has([data-view='show_in_list'][aria-pressed='true']) .o_mini_crm_builder_open`,
            run: "click",
        },
        {
            content: "Unfold the languages",
            trigger: `${fieldOf("text")} .o_mini_crm_builder_advanced`,
            run: "click",
        },
        {
            content: "Give it a Persian label",
            trigger: "[data-language='fa_IR'] [data-name='name']",
            run: "edit متن خودم && press Tab",
        },
        {
            content: "It is saved: the third change",
            trigger: ".o_mini_crm_builder[data-version='3']",
        },
        {
            content: "Go to the customers",
            trigger: "[data-menu-xmlid='mini_crm.mini_crm_customer_menu']",
            run: "click",
        },
        {
            content: "The list has its column; open a customer",
            trigger: `.o_mini_crm_customer_list:has(th:contains(${EVERYWHERE})) .o_data_row .o_mini_crm_name`,
            run: "click",
        },
        {
            content: "Open the custom fields",
            trigger: ".o_notebook_headers [name='mini_crm_custom_fields']",
            run: "click",
        },
        {
            content: "Fill it",
            trigger: ".o_notebook [name='custom_text_1'] input",
            run: "edit green",
        },
        ...stepUtils.saveForm(),
        {
            content: "Back to the list",
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "It shows the value; open the filters",
            trigger: `.o_mini_crm_customer_list:has([name='custom_text_1']:contains(green)) .o_searchview_dropdown_toggler, .o_web_client:has([name='custom_text_1']:contains(green)) .o_searchview_dropdown_toggler`,
            run: "click",
        },
        {
            content: "The field is a filter: take the one that it is filled",
            trigger: `.o_filter_menu .o-dropdown-item:contains(${EVERYWHERE})`,
            run: "click",
        },
        {
            content: "Only the filled one is left",
            trigger: `.o_web_client:has(.o_facet_value:contains(${EVERYWHERE})) .o_mini_crm_customer_list tbody:not(:has(.o_data_row:nth-child(2))) .o_data_row`,
        },
    ],
});
