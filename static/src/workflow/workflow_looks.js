import {localization} from "@web/core/l10n/localization";
import {_t} from "@web/core/l10n/translation";
import {formatList} from "@web/core/l10n/utils";

/** How kinds look: kind -> Font Awesome icon. */
const ICONS = {
    message_received: "fa-comment-o",
    customer_created: "fa-user-plus",
    tag_added: "fa-tag",
    score_changed: "fa-line-chart",
    segment_entered: "fa-sign-in",
    segment_left: "fa-sign-out",
    field_updated: "fa-pencil",
    task_completed: "fa-check-square-o",
    purchase_made: "fa-shopping-bag",
    birthday: "fa-birthday-cake",
    inactive: "fa-moon-o",
    schedule: "fa-calendar",
    by_hand: "fa-hand-pointer-o",
    send: "fa-paper-plane",
    ask: "fa-question-circle",
    delay: "fa-hourglass-half",
    condition: "fa-code-fork",
    split: "fa-random",
    set_field: "fa-pencil",
    add_tag: "fa-tag",
    remove_tag: "fa-eraser",
    add_to_segment: "fa-sign-in",
    remove_from_segment: "fa-sign-out",
    create_task: "fa-check-square-o",
    hand_over: "fa-user",
    webhook: "fa-plug",
};

/** Groups of the palette -> tone of palette.scss. */
const TONES = {
    message: "primary",
    wait: "warning",
    decide: "info",
    change: "success",
    people: "danger",
};

/** What cannot stand at a first sight: shown when it is unfolded. */
const RARE = {
    ask: [
        ...["channel", "attempts", "invalid_text", "skip_words", "exit_words"],
        ...["remind_after", "remind_text"],
    ],
};

/** Settings that mean something only beside others. */
const NEEDS = {
    "ask.choices": ({answer}) => answer === "choice",
    "ask.remind_text": ({remind_after}) => Boolean(remind_after),
    "send.subject": ({channel}) => channel === "email",
    "delay.duration": ({by = "duration"}) => by === "duration",
    "delay.at": ({by}) => by === "clock" || by === "date",
    "delay.weekdays": ({by}) => by === "clock",
    "delay.date": ({by}) => by === "date",
    "delay.days": ({by}) => by === "date",
    "delay.yearly": ({by}) => by === "date",
    "schedule.weekdays": ({every = "week"}) => every === "week",
    "schedule.day": ({every}) => every === "month",
    "message_received.match": ({words}) => Boolean(words?.length),
    "condition.match": ({domain = "[]", words = [], answers = []}) =>
        (domain !== "[]") + Boolean(words.length) + answers.length > 1,
};

export function iconOf(kind) {
    return ICONS[kind] || "fa-bolt";
}

export function toneOf(group) {
    return TONES[group] || "vip";
}

/** @returns {{plain: Object[], rare: Object[]}} settings of a kind to show now */
export function settingsOf(kind, node) {
    const shown = kind.settings.filter(({name}) => {
        const needs = NEEDS[`${kind.name}.${name}`];
        return !needs || needs(node);
    });
    const isRare = ({name}) => RARE[kind.name]?.includes(name);
    return {
        plain: shown.filter((setting) => !isRare(setting)),
        rare: shown.filter(isRare),
    };
}

/** Units of a duration in the order of a list: [name, label]. */
export function units() {
    return [
        ["minutes", _t("minutes")],
        ["hours", _t("hours")],
        ["days", _t("days")],
        ["weeks", _t("weeks")],
    ];
}

/** "2 days" in the user's language, with the digits that Odoo writes. */
export function durationText({amount, unit}) {
    return new Intl.NumberFormat(luxon.Settings.defaultLocale, {
        style: "unit",
        unit: unit.slice(0, -1),
        unitDisplay: "long",
        numberingSystem: "latn",
    }).format(amount);
}

/** Days of the week: {value: 0-6 with Monday 0, label}, beginning as the user's does. */
export function weekdays() {
    const labels = luxon.Info.weekdays("short");
    const first = localization.weekStart - 1;
    return labels.map((_label, index) => {
        const value = (index + first) % 7;
        return {value, label: labels[value]};
    });
}

const listed = (items) => formatList(items, {style: "unit-short"});

const SUMMARIES = {
    text: (value) => value,
    number: (value) => String(value),
    words: (value) => listed(value),
    duration: durationText,
    clock: (value) => value,
    url: (value) => value.replace(/^https:\/\//, ""),
    choice: (value, setting) =>
        setting.options.find(([option]) => option === value)?.[1] || "",
    weekdays: (value) =>
        weekdays()
            .filter((day) => value.includes(day.value))
            .map(({label}) => label)
            .join(" "),
    domain: (value, _setting, data) => data.sentences[value] || "",
    field: (value, _setting, data) =>
        data.fields.find(({name}) => name === value)?.label ||
        data.dates.find(([name]) => name === value)?.[1] ||
        value,
    names(value, setting, data) {
        const options = setting.options.length
            ? setting.options
            : data.fields.map(({name, label}) => [name, label]);
        return listed(
            options.filter(([name]) => value.includes(name)).map(([, label]) => label),
        );
    },
    record(value, setting, data) {
        const segment = data.segments.find(([id]) => id === value);
        return segment ? segment[1] : data.names[`${setting.model},${value}`] || "";
    },
};

// What a card tells first; of the other kinds it is whatever is set.
const TOLD = {
    message_received: ["channels", "words"],
    ask: ["text"],
    send: ["text"],
    create_task: ["summary"],
    set_field: ["field", "value"],
    webhook: ["url"],
    schedule: ["every", "weekdays", "at"],
    delay: ["duration", "date", "at"],
    score_changed: ["by", "crosses"],
};

/** A question as others call it: what it asks, on one short line, or its id. */
export function questionText(model, id) {
    const node = model.nodeOf(id);
    const text = summaryOf(model.kindOf(id), node, model.data).replace(/\s+/g, " ");
    const most = 40;
    return text.length > most ? `${text.slice(0, most - 1).trim()}…` : text || id;
}

/** What a node does, in a line: its most telling settings. */
export function summaryOf(kind, node, data) {
    if (kind.name === "split") {
        const share = node.share ?? 50;
        return `${share}% / ${100 - share}%`;
    }
    const told = TOLD[kind.name];
    const {plain} = settingsOf(kind, node);
    return plain
        .filter(({name}) => !told || told.includes(name))
        .map((setting) => {
            const value = node[setting.name] ?? setting.default;
            const isEmpty = !value || value === "[]" || value.length === 0;
            const text = SUMMARIES[setting.kind];
            return isEmpty || !text ? "" : text(value, setting, data);
        })
        .filter(Boolean)
        .join(" · ");
}
