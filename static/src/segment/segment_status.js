import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const TONES = {waiting: "info", ready: "success", paused: "warning", broken: "danger"};
const ICONS = {
    waiting: "fa-spinner",
    ready: "fa-check",
    paused: "fa-pause",
    broken: "fa-exclamation-triangle",
};

/** Whether a rule is up to date, as a small chip. */
export class SegmentStatus extends Component {
    static template = "mini_crm.SegmentStatus";
    static props = {...standardFieldProps};

    get status() {
        return this.props.record.data[this.props.name];
    }

    get tone() {
        return TONES[this.status];
    }

    get icon() {
        return ICONS[this.status];
    }

    get label() {
        const {selection} = this.props.record.fields[this.props.name];
        return Object.fromEntries(selection)[this.status];
    }
}

registry.category("fields").add("mini_crm_segment_status", {
    component: SegmentStatus,
    displayName: _t("Status of a rule"),
    supportedTypes: ["selection"],
});
