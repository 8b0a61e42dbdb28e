import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {MergeDialog} from "./merge_dialog";

/** On a customer's form: the way to merge him with somebody else. */
export class MergeWith extends Component {
    static template = "mini_crm.MergeWith";
    static props = {...standardWidgetProps};

    setup() {
        this.dialog = useService("dialog");
    }

    /** What is being edited is saved first, or not lost. */
    async open() {
        const {record} = this.props;
        if (await record.save()) {
            this.dialog.add(MergeDialog, {partnerIds: [record.resId]});
        }
    }
}

registry.category("view_widgets").add("mini_crm_merge_with", {component: MergeWith});
