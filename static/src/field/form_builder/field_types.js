import {_t} from "@web/core/l10n/translation";

/**
 * The types of fields as people see them.
 *
 * @returns {{type: string, label: string, icon: string, example: string}[]}
 */
export function fieldTypes() {
    return [
        ["text", _t("Text"), "fa-font", _t("Favourite colour")],
        ["number", _t("Number"), "fa-hashtag", _t("Shoe size")],
        ["date", _t("Date"), "fa-calendar", _t("Wedding day")],
        ["boolean", _t("Yes or no"), "fa-check-square-o", _t("Has a dog")],
        ["select", _t("Choice"), "fa-list-ul", _t("Small, medium, large")],
        ["phone", _t("Phone"), "fa-phone", _t("Phone at work")],
        ["email", _t("E-mail"), "fa-envelope-o", _t("E-mail at work")],
        ["url", _t("Link"), "fa-link", _t("Instagram page")],
    ].map(([type, label, icon, example]) => ({type, label, icon, example}));
}

/** Where a field can be shown; `slot`: only one that has a slot. */
export function fieldViews() {
    return [
        {name: "show_in_form", label: _t("On the form"), icon: "fa-address-card-o"},
        {name: "show_in_list", label: _t("In the list"), icon: "fa-list", slot: true},
        {
            name: "show_in_card",
            label: _t("On the card"),
            icon: "fa-th-large",
            slot: true,
        },
        {
            name: "show_in_filter",
            label: _t("As a filter"),
            icon: "fa-filter",
            slot: true,
        },
    ];
}

/** The rules that fit a type: inputs of the rules' panel. */
export function rulesOf(type) {
    return (
        {
            text: [
                {name: "min_length", label: _t("Fewest characters"), input: "number"},
                {name: "max_length", label: _t("Most characters"), input: "number"},
                {name: "pattern", label: _t("Pattern"), input: "text"},
            ],
            number: [
                {name: "minimum", label: _t("Smallest value"), input: "number"},
                {name: "maximum", label: _t("Largest value"), input: "number"},
            ],
            date: [
                {name: "earliest", label: _t("Earliest day"), input: "date"},
                {name: "latest", label: _t("Latest day"), input: "date"},
            ],
        }[type] || []
    );
}

/** Patterns that shops ask for, in the language of RE2. */
export function patternPresets() {
    return [
        {label: _t("National ID (10 digits)"), pattern: "[0-9]{10}"},
        {label: _t("Postal code (10 digits)"), pattern: "[0-9]{5}-?[0-9]{5}"},
        {label: _t("Digits only"), pattern: "[0-9]+"},
        {label: _t("Letters and digits"), pattern: "[A-Za-z0-9]+"},
        {label: _t("Plate or code in capitals"), pattern: "[A-Z0-9-]+"},
    ];
}
