import {_t} from "@web/core/l10n/translation";

const {DateTime} = luxon;

/**
 * How long ago something was, in the user's language: "2 days ago".
 *
 * @param {luxon.DateTime | false} value
 * @param {luxon.DateTime} [now]
 * @returns {string} empty when there is no value
 */
export function relativeTime(value, now = DateTime.now()) {
    if (!value) {
        return "";
    }
    if (Math.abs(now.diff(value).as("seconds")) < 60) {
        return _t("just now");
    }
    return value.toRelative({base: now});
}
