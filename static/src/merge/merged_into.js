import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/** On the form of a customer who was merged: who has become of him. */
export class MergedInto extends Component {
    static template = "mini_crm.MergedInto";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    async open() {
        const {resId} = this.props.record;
        const action = await this.orm.call("res.partner", "action_open_survivor", [
            [resId],
        ]);
        await this.action.doAction(action);
    }
}

registry.category("view_widgets").add("mini_crm_merged_into", {component: MergedInto});
