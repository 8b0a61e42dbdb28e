import {_t} from "@web/core/l10n/translation";

// Figures that may be missing; every other one is always there.
const MISSING_FIGURES = new Set([
    "awaiting_reply_since",
    "crm_health",
    "last_contacted_at",
    "last_purchase_at",
]);
const ALWAYS_SAID = new Set(["boolean", "rows"]);

/**
 * What conditions may name, as `mini_crm.condition.fields_for_editor` tells it:
 * `{name, label, kind, group, choices, model, parts}`. `kind` is one of those in
 * plain_operators.js, `choices` are [value, label], `model` is what `records` are of.
 * `empty` is added: whether it makes sense to ask if there is a value.
 *
 * @param {Object} orm service
 * @returns {Promise<Object[]>} in the order in which a list shows them
 */
export async function loadConditionFields(orm) {
    const fields = await orm.call("mini_crm.condition", "fields_for_editor", []);
    return fields.map((field) => ({...field, empty: mayBeEmpty(field)}));
}

function mayBeEmpty({name, kind, group}) {
    if (group === "figures") {
        return MISSING_FIGURES.has(name);
    }
    return !ALWAYS_SAID.has(kind) && name !== "birthday_period";
}

/** Headings of the list of fields, in their order. */
function groupLabels() {
    return {
        figures: _t("Figures"),
        happened: _t("What happened"),
        groups: _t("Tags and segments"),
        person: _t("Customer"),
        custom: _t("Custom fields"),
    };
}

/**
 * Fields below their headings.
 *
 * @param {Object[]} fields
 * @returns {{name: string, label: string, fields: Object[]}[]}
 */
export function groupFields(fields) {
    return Object.entries(groupLabels())
        .map(([name, label]) => ({
            name,
            label,
            fields: fields.filter((field) => field.group === name),
        }))
        .filter((group) => group.fields.length);
}
