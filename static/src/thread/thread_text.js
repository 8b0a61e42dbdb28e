import {markup} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {htmlReplaceAll} from "@web/core/utils/html";
import {channelLook} from "../shared/channel_looks";
import {dayLabel} from "../timeline/timeline_text";

const {DateTime} = luxon;

/**
 * How the way looks by which something was said.
 *
 * @param {string} type of a channel; "note" for what only the team sees
 * @returns {{icon: string, tone: string, label: string}}
 */
export function wayLook(type) {
    return type === "note"
        ? {icon: "fa-sticky-note-o", tone: "vip", label: _t("Note")}
        : channelLook(type);
}

/**
 * Size of a text as a provider counts it.
 *
 * @param {string} text
 * @param {"bytes" | "utf16"} unit
 * @returns {number}
 */
export function textSize(text, unit) {
    return unit === "bytes" ? new TextEncoder().encode(text).length : text.length;
}

/**
 * How many messages a text becomes: as many words as fit into each.
 *
 * @param {string} text
 * @param {{count: number, unit: string} | null} limit
 * @returns {number}
 */
export function messagesNeeded(text, limit) {
    if (!limit || textSize(text, limit.unit) <= limit.count) {
        return 1;
    }
    let parts = 1;
    let used = 0;
    for (const piece of text.match(/\s*\S+/g) || []) {
        const size = textSize(piece, limit.unit);
        if (used + size <= limit.count) {
            used += size;
            continue;
        }
        const word = textSize(piece.trimStart(), limit.unit);
        // a word that is longer than a message is cut, from the first message on
        parts += Math.max(1, Math.ceil(word / limit.count)) - (used ? 0 : 1);
        used = word % limit.count || limit.count;
    }
    return parts;
}

/** Share of a limit from which on the rest is shown. */
const NEARLY_FULL = 0.8;

/**
 * What to say under the reply box about the length of a text; empty while it is short.
 *
 * @param {string} text
 * @param {{count: number, unit: string} | null} limit
 * @returns {string}
 */
export function lengthHint(text, limit) {
    if (!limit) {
        return "";
    }
    const messages = messagesNeeded(text, limit);
    if (messages > 1) {
        return _t("Will be sent as %s messages", messages);
    }
    const size = textSize(text, limit.unit);
    if (size < limit.count * NEARLY_FULL) {
        return "";
    }
    // Persian letters take two bytes each
    const perLetter = text.length ? size / text.length : 1;
    return _t("%s characters left", Math.floor((limit.count - size) / perLetter));
}

/**
 * The state of a message to the customer: ticks and words.
 *
 * @param {string} state
 * @returns {{icon: string, label: string, tone: string} | null}
 */
export function stateLook(state) {
    const looks = {
        queued: {icon: "fa-clock-o", label: _t("Waiting to be sent"), tone: "muted"},
        sending: {icon: "fa-clock-o", label: _t("Being sent"), tone: "muted"},
        sent: {icon: "fa-check", label: _t("Sent"), tone: "muted"},
        delivered: {icon: "o_mini_crm_ticks", label: _t("Delivered"), tone: "muted"},
        read: {icon: "o_mini_crm_ticks", label: _t("Read"), tone: "primary"},
        failed: {icon: "fa-times-circle", label: _t("Not sent"), tone: "danger"},
        uncertain: {
            icon: "fa-question-circle",
            label: _t("Perhaps sent"),
            tone: "warning",
        },
        cancelled: {icon: "fa-ban", label: _t("Cancelled"), tone: "muted"},
    };
    return looks[state] || null;
}

// Every kind that the parsers in engine/ give, and those of e-mails, notes and calls.
const KIND_LABELS = {
    animation: _t("Animation"),
    audio: _t("Audio"),
    call: _t("Call"),
    checklist: _t("Checklist"),
    contact: _t("Contact"),
    dice: _t("Dice"),
    document: _t("File"),
    email: _t("E-mail"),
    ephemeral: _t("Disappearing photo or video"),
    fallback: _t("Link"),
    game: _t("Game"),
    gift: _t("Gift"),
    giveaway: _t("Giveaway"),
    giveaway_winners: _t("Winners of a giveaway"),
    ig_post: _t("Shared post"),
    ig_reel: _t("Reel"),
    invoice: _t("Invoice"),
    location: _t("Location"),
    note: _t("Note"),
    optin: _t("Agreed to get messages"),
    paid_media: _t("Paid photo or video"),
    photo: _t("Photo"),
    poll: _t("Poll"),
    postback: _t("Button pressed"),
    reel: _t("Reel"),
    referral: _t("Came by a link"),
    share: _t("Shared post"),
    sticker: _t("Sticker"),
    story: _t("Story"),
    story_mention: _t("Mention in a story"),
    story_reply: _t("Answer to your story"),
    successful_payment: _t("Payment"),
    template: _t("Card"),
    text: _t("Message"),
    unique_gift: _t("Gift"),
    unsupported: _t("Something that cannot be shown here"),
    video: _t("Video"),
    video_note: _t("Video message"),
    voice: _t("Voice message"),
};

/**
 * What a message without words is.
 *
 * @param {string} kind
 * @returns {string}
 */
export function kindLabel(kind) {
    return String(KIND_LABELS[kind] || KIND_LABELS.unsupported);
}

/**
 * @param {string} outcome of a call
 * @returns {string}
 */
export function outcomeLabel(outcome) {
    return (
        {
            answered: _t("Answered"),
            no_answer: _t("No answer"),
            call_back: _t("Call back"),
        }[outcome] || ""
    );
}

const PHONE = /\+\d[\d ()-]{5,}\d/g;

/**
 * Words with phone numbers that stay whole from right to left, where the + would go to
 * the other end.
 *
 * @param {string} text
 * @returns {Markup}
 */
export function withPhones(text) {
    return htmlReplaceAll(
        text,
        PHONE,
        (phone) => markup`<bdi dir="ltr">${phone}</bdi>`,
    );
}

const UNITS = ["B", "kB", "MB", "GB"];

/**
 * @param {number} bytes
 * @returns {string} "1.5 MB"; empty for nothing
 */
export function fileSize(bytes) {
    if (!bytes) {
        return "";
    }
    const step = Math.min(
        UNITS.length - 1,
        Math.floor(Math.log(bytes) / Math.log(1000)),
    );
    const amount = bytes / 1000 ** step;
    return `${amount >= 10 || step === 0 ? Math.round(amount) : amount.toFixed(1)} ${UNITS[step]}`;
}

/**
 * Rows of a conversation by days, the oldest first, each with its time of day.
 *
 * @param {Object[]} rows newest first, as `get_conversation` gives them
 * @param {luxon.DateTime} [now]
 * @returns {{key: string, label: string, rows: Object[]}[]}
 */
export function byDays(rows, now) {
    const days = [];
    for (let index = rows.length - 1; index >= 0; index--) {
        const row = rows[index];
        const date = DateTime.fromISO(row.date);
        const key = date.toISODate();
        let day = days.at(-1);
        if (!day || day.key !== key) {
            day = {key, label: dayLabel(date, now), rows: []};
            days.push(day);
        }
        day.rows.push({...row, time: date.toLocaleString(DateTime.TIME_SIMPLE)});
    }
    return days;
}

/**
 * What is shown after the newest rows were read again.
 *
 * @param {Object[]} known rows shown so far, newest first
 * @param {Object[]} fresh the newest rows as they are now, newest first
 * @returns {Object[] | null} null: there is a gap between both, only `fresh` is known
 */
export function withFresh(known, fresh) {
    const last = fresh.at(-1);
    const index = last ? known.findIndex((row) => row.key === last.key) : -1;
    // what was sent again stands among the newest now
    const keys = new Set(fresh.map((row) => row.key));
    const older = known.slice(index + 1).filter((row) => !keys.has(row.key));
    return index < 0 ? null : [...fresh, ...older];
}

/**
 * The quick replies whose shortcut or text has what stands after "/".
 *
 * @param {{name: string, body: string}[]} replies
 * @param {string} text of the reply box
 * @returns {Object[] | null} null: the text asks for none
 */
export function slashReplies(replies, text) {
    const asked = /^\/(.{0,40})$/.exec(text);
    if (!asked) {
        return null;
    }
    const words = asked[1].trim().toLowerCase();
    const begins = replies.filter((r) => r.name.toLowerCase().startsWith(words));
    const others = replies.filter(
        (reply) =>
            !begins.includes(reply) &&
            `${reply.name} ${reply.body}`.toLowerCase().includes(words),
    );
    return [...begins, ...others];
}

/**
 * @param {string} text
 * @param {string[]} missing names of variables without a value
 * @returns {string[]} those that still stand in the text
 */
export function stillMissing(text, missing) {
    return missing.filter((name) => text.includes(`{${name}}`));
}
