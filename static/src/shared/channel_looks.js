import {_t} from "@web/core/l10n/translation";

/**
 * How channels look: type -> {icon, tone, label}. The icon is a Font Awesome class, the
 * tone one of those in palette.scss, the label its name in the user's language.
 */
const LOOKS = {
    telegram: {icon: "fa-paper-plane", tone: "info", label: _t("Telegram")},
    instagram: {icon: "fa-instagram", tone: "warning", label: _t("Instagram")},
    email: {icon: "fa-envelope", tone: "primary", label: _t("E-mail")},
    phone: {icon: "fa-phone", tone: "success", label: _t("Phone")},
};

const UNKNOWN = {icon: "fa-comment", tone: "inactive", label: ""};

/**
 * @param {string} type of a channel
 * @returns {{icon: string, tone: string, label: string}}
 */
export function channelLook(type) {
    return LOOKS[type] || UNKNOWN;
}
