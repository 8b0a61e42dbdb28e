import {Component} from "@odoo/owl";
import {Chatter} from "@mail/chatter/web_portal/chatter";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {notifyCustomerChanged} from "../shared/customer_bus";

/** The chatter, which also tells the rest of the page when something was written. */
export class CustomerChatter extends Chatter {
    async reloadParentView() {
        await super.reloadParentView();
        notifyCustomerChanged(this.env, this.props.threadId);
    }
}

/** Notes and tasks of a customer: Odoo's chatter inside a tab. */
export class NotesPanel extends Component {
    static template = "mini_crm.NotesPanel";
    static components = {CustomerChatter};
    static props = {...standardWidgetProps};

    get saveRecord() {
        return () => this.props.record.save();
    }
}

registry.category("view_widgets").add("mini_crm_notes", {component: NotesPanel});
