import {_t} from "@web/core/l10n/translation";
import {formatPercentage} from "@web/views/fields/formatters";

/** The periods of the map, as they are chosen. */
export function periods() {
    return [
        {key: "30", label: _t("30 days")},
        {key: "90", label: _t("90 days")},
        {key: "365", label: _t("One year")},
        {key: "all", label: _t("All time")},
    ];
}

/**
 * @param {number | null} share in 0..1; null: nobody was there
 * @returns {string} whole percents; small ones with a decimal
 */
export function shareText(share) {
    if (share === null || share === undefined) {
        return "–";
    }
    const small = share > 0 && share < 0.1;
    return formatPercentage(share, {digits: [16, small ? 1 : 0]});
}

/**
 * @param {number | null} days null: nobody can say yet
 * @returns {string}
 */
export function daysText(days) {
    if (days === null || days === undefined) {
        return "–";
    }
    if (days === 0) {
        return _t("Under a day");
    }
    return days === 1 ? _t("1 day") : _t("%s days", days);
}

/**
 * What has become of those in a stage: each fact opens its customers.
 *
 * @param {Object} stage of the map
 * @param {Object[]} stages all of them, in order
 * @returns {{key, icon, tone, name, title, value, share, domain}[]}
 */
export function stageFacts(stage, stages) {
    const {label} = stage;
    const facts = [
        {
            key: "silent",
            icon: "fa-moon-o",
            tone: "inactive",
            name: _t("Silent"),
            title: _t("Silent in %s", label),
        },
    ];
    if (stage.stage !== stages[0].stage) {
        facts.unshift({
            key: "back",
            icon: "fa-arrow-left",
            tone: "warning",
            name: _t("Moved back"),
            title: _t("Moved back from %s", label),
        });
    }
    if (stage.stage !== stages.at(-1).stage) {
        facts.unshift({
            key: "forward",
            icon: "fa-arrow-right",
            tone: "success",
            name: _t("Moved on"),
            title: _t("Moved on from %s", label),
            share: shareText(stage.conversion),
        });
    }
    return facts.map((fact) => ({
        ...fact,
        value: stage[fact.key],
        domain: stage.domains[fact.key],
    }));
}
