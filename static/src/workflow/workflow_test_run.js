import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {useService} from "@web/core/utils/hooks";
import {START} from "./workflow_graph";
import {iconOf, toneOf} from "./workflow_looks";

/** A way through the workflow with a customer of yours; nothing is sent. */
export class WorkflowTestRun extends Component {
    static template = "mini_crm.WorkflowTestRun";
    static components = {Dialog, RecordSelector};
    static props = {model: Object, workflow: Number, close: Function};

    setup() {
        this.orm = useService("orm");
        this.state = useState({customer: false, steps: null, busy: false});
    }

    async choose(customer) {
        Object.assign(this.state, {customer, steps: null});
        if (!customer) {
            return;
        }
        this.state.busy = true;
        try {
            await this.props.model.save();
            this.state.steps = await this.orm.call(
                "mini_crm.workflow",
                "get_dry_run",
                [[this.props.workflow]],
                {partner_id: customer},
            );
        } finally {
            this.state.busy = false;
        }
    }

    /** What is shown of a step: {icon, tone, label, edge, text, at, reason}. */
    look({node, edge, text, at, reason}) {
        const {model} = this.props;
        const kind = model.nodeOf(node || START)
            ? model.kindOf(node || START)
            : {name: "", label: node};
        return {
            icon: iconOf(kind.name),
            tone: toneOf(kind.group),
            label: kind.label,
            edge: node && edge && kind.name ? model.edgeLabel(node, edge) : "",
            text,
            at: at ? formatDateTime(deserializeDateTime(at)) : "",
            reason,
        };
    }
}
