import {registry} from "@web/core/registry";

/**
 * How the types of events look: type -> {icon, tone}. The icon is a Font Awesome class,
 * the tone one of those in palette.scss. A type that is not named here gets `UNKNOWN`.
 */
export const eventLooks = registry.category("mini_crm.event_looks");

const UNKNOWN = {icon: "fa-circle-o", tone: "inactive"};

for (const [type, icon, tone] of [
    ["customer_created", "fa-user-plus", "success"],
    ["field_updated", "fa-pencil", "inactive"],
    ["tag_added", "fa-tag", "primary"],
    ["tag_removed", "fa-tag", "inactive"],
    ["note_added", "fa-sticky-note-o", "vip"],
    ["task_created", "fa-square-o", "info"],
    ["task_completed", "fa-check-square-o", "success"],
    ["call_logged", "fa-phone", "info"],
    ["message_received", "fa-comment", "primary"],
    ["message_sent", "fa-reply", "primary"],
    ["consent_changed", "fa-hand-paper-o", "warning"],
    ["referral_made", "fa-share-alt", "vip"],
    ["purchase_made", "fa-shopping-bag", "success"],
    ["purchase_refunded", "fa-undo", "warning"],
    ["purchase_changed", "fa-shopping-bag", "inactive"],
    ["score_changed", "fa-line-chart", "primary"],
    ["health_changed", "fa-heartbeat", "warning"],
    ["stage_changed", "fa-map-signs", "primary"],
    ["segment_changed", "fa-users", "primary"],
    ["batch_done", "fa-database", "inactive"],
]) {
    eventLooks.add(type, {icon, tone});
}

/**
 * @param {string} type of an event
 * @returns {{icon: string, tone: string}}
 */
export function eventLook(type) {
    return eventLooks.get(type, UNKNOWN);
}
