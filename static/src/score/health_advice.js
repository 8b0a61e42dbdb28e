import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useCustomerActions} from "../customer/customer_actions_hook";

/** What the health of a customer means, and the way to act on it as a button. */
export class HealthAdvice extends Component {
    static template = "mini_crm.HealthAdvice";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.customerActions = useCustomerActions(() => this.props.record);
    }

    get advice() {
        return this.props.record.data[this.props.name];
    }

    /** The main action, and what the quick actions below do not have. */
    get actions() {
        return this.advice.actions.filter(({action}, index) => index === 0 || action);
    }

    get className() {
        const health = this.props.record.data.crm_health || "none";
        return `o_mini_crm_health_advice o_mini_crm_health_${health}`;
    }

    async run(event, chosen) {
        const {record} = this.props;
        if (!chosen.action) {
            return this.customerActions.run(chosen.key, event.currentTarget);
        }
        if (await record.save()) {
            await this.action.doAction(chosen.action, {
                additionalContext: {
                    active_id: record.resId,
                    active_ids: [record.resId],
                    active_model: record.resModel,
                },
                onClose: () => this.customerActions.refresh(),
            });
        }
    }
}

registry.category("fields").add("mini_crm_health_advice", {
    component: HealthAdvice,
    supportedTypes: ["json"],
    isEmpty: () => false,
    fieldDependencies: [
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
    ],
});
