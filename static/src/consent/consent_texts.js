import {_t} from "@web/core/l10n/translation";

/** What a customer may have said, the most welcome first: state -> label. */
export function consentStates() {
    return {in: _t("Agreed"), unknown: _t("Not asked"), out: _t("Opted out")};
}

/** How we know of a consent: source -> words. */
export function consentSources() {
    return {
        message: _t("by a message of the customer"),
        person: _t("entered by a person"),
        import: _t("by an import"),
        api: _t("by another program"),
        blacklist: _t("on Odoo's blacklist"),
        merge: _t("from a merged duplicate"),
    };
}
