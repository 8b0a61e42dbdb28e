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
