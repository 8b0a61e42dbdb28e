import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {START} from "./workflow_graph";
import {iconOf, summaryOf, toneOf} from "./workflow_looks";

const COUNTED = 10000; // the server counts no further

/** A trigger or node as a card: what it is, what it does, who is there. */
export class WorkflowCard extends Component {
    static template = "mini_crm.WorkflowCard";
    static props = {
        model: Object,
        id: String,
        hidden: {type: Number, optional: true},
        onOpen: Function,
    };
    static defaultProps = {hidden: 0};

    setup() {
        this.model = useState(this.props.model);
    }

    get node() {
        return this.model.nodeOf(this.props.id);
    }

    get isTrigger() {
        return this.props.id === START;
    }

    get kind() {
        return this.model.kindOf(this.props.id);
    }

    get icon() {
        return iconOf(this.node.kind);
    }

    get tone() {
        return toneOf(this.kind.group);
    }

    get title() {
        if (this.isTrigger && !this.node.kind) {
            return _t("What starts it?");
        }
        return this.kind.label || _t("Unknown step");
    }

    get summary() {
        return this.kind.name ? summaryOf(this.kind, this.node, this.model.data) : "";
    }

    get problems() {
        return this.model.problemsOf(this.props.id);
    }

    get problemText() {
        return this.problems.map(({text}) => text).join("\n");
    }

    get isSelected() {
        return this.model.selected === this.props.id;
    }

    get isOpen() {
        return this.model.open.has(this.props.id);
    }

    get waysText() {
        const {hidden} = this.props;
        if (this.isOpen) {
            return _t("Fewer ways");
        }
        return hidden === 1
            ? _t("1 other way")
            : _t("%s other ways", formatInteger(hidden));
    }

    get hasWays() {
        return this.props.hidden > 0 || this.isOpen;
    }

    /** Live numbers: {name, icon, text, label} of those above zero. */
    get numbers() {
        const counts = this.model.numbers[this.props.id] || {};
        return [
            ["waiting", "fa-hourglass-half", _t("Waiting here")],
            ["passed", "fa-check", _t("Passed")],
            ["failed", "fa-exclamation-triangle", _t("Failed here")],
        ]
            .filter(([name]) => counts[name])
            .map(([name, icon, label]) => ({
                name,
                icon,
                label,
                text:
                    counts[name] > COUNTED
                        ? _t("over %s", formatInteger(COUNTED))
                        : formatInteger(counts[name]),
            }));
    }
}
