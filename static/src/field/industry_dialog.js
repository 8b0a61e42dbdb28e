import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {formatList} from "@web/core/l10n/utils";

const TYPE_ICONS = {
    text: "fa-font",
    number: "fa-hashtag",
    date: "fa-calendar-o",
    boolean: "fa-check-square-o",
    email: "fa-envelope-o",
    phone: "fa-phone",
    url: "fa-link",
    select: "fa-list-ul",
};
const OPTIONS_SHOWN = 5;

/** What a template would add to the shop, field by field, and the button that does. */
export class IndustryDialog extends Component {
    static template = "mini_crm.IndustryDialog";
    static components = {Dialog};
    static props = {
        close: Function,
        preview: Object,
        onApply: Function,
        onRemove: Function,
    };

    setup() {
        this.state = useState({busy: false});
    }

    get preview() {
        return this.props.preview;
    }

    get addsSomething() {
        const {counts} = this.preview;
        const rules = this.ruleLists.flatMap((list) => list.rules);
        return Boolean(
            counts.new + counts.restore || rules.some((one) => one.status === "new"),
        );
    }

    /** Segments and smart tags of the template, where it has some. */
    get ruleLists() {
        const {segments, tag_rules: tagRules} = this.preview;
        return [
            {key: "segments", label: _t("Segments"), rules: segments},
            {key: "tag_rules", label: _t("Smart tags"), rules: tagRules},
        ].filter((list) => list.rules.length);
    }

    ruleNote({status}) {
        return (
            {
                present: _t("There already"),
                skipped: _t("Left out: its field is not there or has no slot"),
            }[status] || ""
        );
    }

    /** Types of which too few slots are left. */
    get shortOfSlots() {
        return this.preview.slots.filter((entry) => entry.missing);
    }

    get missingText() {
        const types = this.shortOfSlots.map(
            (entry) => `${entry.type_label} (${entry.missing})`,
        );
        return _t(
            "Not enough slots are free for: %s. Those fields show on the form, but cannot be filtered or sorted. To make room, archive fields that you no longer need.",
            formatList(types),
        );
    }

    typeIcon(field) {
        return TYPE_ICONS[field.type];
    }

    options(field) {
        return field.options.slice(0, OPTIONS_SHOWN);
    }

    moreOptions(field) {
        return Math.max(0, field.options.length - OPTIONS_SHOWN);
    }

    slotText(entry) {
        return _t("%(type)s: %(taken)s of %(free)s free", {
            type: entry.type_label,
            taken: entry.taken,
            free: entry.free,
        });
    }

    /** Label and tone of what becomes of a field. */
    fate({status, existing}) {
        return {
            new: {tone: "success", label: _t("New")},
            restore: {tone: "info", label: _t("From the archive")},
            present: {tone: "inactive", label: _t("There already")},
            conflict: {
                tone: "warning",
                label: _t("Left out"),
                reason:
                    existing &&
                    _t("%(name)s has this key, and is of the type %(type)s.", {
                        name: existing.name,
                        type: existing.type_label,
                    }),
            },
        }[status];
    }

    /** The name under which a field is there already, if it is another one. */
    otherName({status, name, existing}) {
        return status !== "conflict" && existing && existing.name !== name
            ? _t("as %s", existing.name)
            : "";
    }

    apply() {
        return this.run(this.props.onApply);
    }

    remove() {
        return this.run(this.props.onRemove);
    }

    async run(method) {
        this.state.busy = true;
        try {
            await method();
        } finally {
            this.state.busy = false;
        }
        this.props.close();
    }
}
