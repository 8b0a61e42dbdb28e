import {_t} from "@web/core/l10n/translation";

/**
 * What conditions may name, as `mini_crm.condition.fields_for_editor` tells it:
 * `{name, label, kind, group, choices, model, parts}`. `kind` is one of those in
 * plain_operators.js, `choices` are [value, label], `model` is what `records` are of.
 *
 * @param {Object} orm service
 * @returns {Promise<Object[]>} in the order in which a list shows them
 */
export async function loadConditionFields(orm) {
    return await orm.call("mini_crm.condition", "fields_for_editor", []);
}

/** Headings of the list of fields, in their order. */
function groupLabels() {
    return {
        figures: _t("Figures"),
        happened: _t("What happened"),
        person: _t("Customer"),
        groups: _t("Tags and segments"),
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
