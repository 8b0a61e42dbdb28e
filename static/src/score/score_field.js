import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {healthLabel, ScoreRing} from "./score_ring";
import {Stars} from "./stars";

const HEALTH = [
    {
        name: "crm_health",
        type: "selection",
        selection: [
            ["green", ""],
            ["yellow", ""],
            ["red", ""],
        ],
        readonly: true,
    },
];

/** Score of a customer: ring and stars (list), ring alone (card) or large (form). */
export class ScoreField extends Component {
    static template = "mini_crm.ScoreField";
    static components = {ScoreRing, Stars};
    static props = {
        ...standardFieldProps,
        look: {type: String, optional: true},
    };
    static defaultProps = {look: "list"};

    get score() {
        return this.props.record.data[this.props.name] || 0;
    }

    get health() {
        return this.props.record.data.crm_health;
    }

    get healthLabel() {
        return healthLabel(this.health);
    }
}

registry.category("fields").add("mini_crm_score", {
    component: ScoreField,
    displayName: _t("Score"),
    supportedTypes: ["integer"],
    isEmpty: () => false,
    fieldDependencies: HEALTH,
    supportedOptions: [
        {
            label: _t("Look"),
            name: "look",
            type: "selection",
            choices: [
                {label: _t("Ring and stars"), value: "list"},
                {label: _t("Ring over stars"), value: "card"},
                {label: _t("Ring"), value: "ring"},
                {label: _t("Large"), value: "large"},
            ],
        },
    ],
    extractProps: ({options}) => ({look: options.look}),
});
