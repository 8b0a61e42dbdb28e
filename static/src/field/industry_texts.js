import {_t} from "@web/core/l10n/translation";
import {formatList} from "@web/core/l10n/utils";

/** What became of a template's fields, in one or more sentences. */
export function appliedText(result) {
    const {added, restored, rules} = result;
    const parts = [];
    if (added.length) {
        parts.push(
            added.length === 1
                ? _t("One field added.")
                : _t("%s fields added.", added.length),
        );
    }
    if (restored.length) {
        parts.push(_t("From the archive: %s.", names(restored)));
    }
    if (rules.length) {
        parts.push(_t("Segments and smart tags: %s.", names(rules)));
    }
    if (!parts.length) {
        parts.push(_t("Nothing is left to add."));
    }
    return [...parts, ...leftOutTexts(result)].join(" ");
}

/** What was not added, or not wholly, and why. */
function leftOutTexts({skipped, extra, rules_skipped: rulesSkipped}) {
    const parts = [];
    if (rulesSkipped.length) {
        parts.push(
            _t(
                "Left out, as their field is not there or has no slot: %s.",
                formatList(rulesSkipped),
            ),
        );
    }
    if (skipped.length) {
        parts.push(
            _t(
                "Left out, as a field of another type has their key: %s.",
                names(skipped),
            ),
        );
    }
    if (extra.length) {
        parts.push(
            _t("Without a slot, so neither filtered nor sorted: %s.", names(extra)),
        );
    }
    return parts;
}

/** What was taken away, in one or more sentences. */
export function removedText({removed, archived, kept, rules_removed, rules_kept}) {
    const parts = [];
    if (removed.length) {
        parts.push(
            removed.length === 1
                ? _t("One field removed.")
                : _t("%s fields removed.", removed.length),
        );
    }
    if (archived.length) {
        parts.push(_t("Back in the archive: %s.", formatList(archived)));
    }
    if (rules_removed.length) {
        parts.push(
            _t("Segments and smart tags removed: %s.", formatList(rules_removed)),
        );
    }
    if (!parts.length) {
        parts.push(_t("No field was removed."));
    }
    for (const [reason, text] of keptTexts()) {
        const stay = [...kept, ...rules_kept].filter((one) => one.reason === reason);
        if (stay.length) {
            parts.push(text(names(stay)));
        }
    }
    return parts.join(" ");
}

/** Why fields stay, in the order in which it is told. */
function keptTexts() {
    return [
        [
            "values",
            (list) => _t("These stay, as customers have values in them: %s.", list),
        ],
        ["changed", (list) => _t("These stay, as you have changed them: %s.", list)],
        ["used", (list) => _t("These stay, as something uses them: %s.", list)],
        [
            "shared",
            (list) => _t("These stay, as another industry has them too: %s.", list),
        ],
    ];
}

function names(fields) {
    return formatList(fields.map((field) => field.name));
}
