import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useCustomerActions} from "./customer_actions_hook";

/** What one does with a customer, one tap away; a bar at the bottom of a phone. */
export class QuickActions extends Component {
    static template = "mini_crm.QuickActions";
    static props = {...standardWidgetProps};

    setup() {
        this.customerActions = useCustomerActions(() => this.props.record);
        this.actions = [
            {name: "message", label: _t("Message"), icon: "fa-envelope-o"},
            {name: "call", label: _t("Call"), icon: "fa-phone"},
            {name: "note", label: _t("Note"), icon: "fa-sticky-note-o"},
            {name: "task", label: _t("Task"), icon: "fa-check-square-o"},
            {name: "purchase", label: _t("Purchase"), icon: "fa-shopping-bag"},
        ];
    }
}

registry.category("view_widgets").add("mini_crm_quick_actions", {
    component: QuickActions,
    fieldDependencies: [
        {name: "name", type: "char"},
        {name: "email", type: "char"},
        {name: "phone", type: "char"},
    ],
});
