import {Component, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {tellUndone} from "./merge_undo";

/** On the form of a customer who was merged: who has become of him, and the way back. */
export class MergedInto extends Component {
    static template = "mini_crm.MergedInto";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({busy: false});
    }

    async open() {
        const {resId} = this.props.record;
        const action = await this.orm.call("res.partner", "action_open_survivor", [
            [resId],
        ]);
        await this.action.doAction(action);
    }

    async undo() {
        const {resId} = this.props.record;
        this.state.busy = true;
        try {
            const kept = await this.orm.call("res.partner", "action_undo_merge", [
                [resId],
            ]);
            await tellUndone(this.env, kept);
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("view_widgets").add("mini_crm_merged_into", {component: MergedInto});
