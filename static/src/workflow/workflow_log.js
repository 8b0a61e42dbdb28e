import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {notifyCustomerChanged, useCustomerPart} from "../shared/customer_bus";
import {iconOf} from "./workflow_looks";
import {WorkflowStart} from "./workflow_start";

const TONES = {
    running: "info",
    waiting: "warning",
    done: "success",
    stopped: "inactive",
    failed: "danger",
};

/** What workflows did with a customer, and why; the steps of a run unfold by a tap. */
export class WorkflowLog extends Component {
    static template = "mini_crm.WorkflowLog";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.keepLast = new KeepLast();
        this.state = useState({status: "loading", runs: [], more: false, busy: false});
        useCustomerPart(
            this,
            (customerId) => {
                this.state.status = "loading";
                this.load(customerId);
            },
            () => this.load(),
        );
    }

    async load(customerId = this.props.record.resId) {
        this.customerId = customerId;
        if (!customerId) {
            return;
        }
        try {
            const told = await this.keepLast.add(this.fetch(customerId));
            Object.assign(this.state, {...told, status: "ready"});
        } catch {
            this.state.status = "error";
        }
    }

    fetch(customerId, before = 0) {
        return this.orm.silent.call(
            "res.partner",
            "get_workflow_runs",
            [[customerId]],
            {
                before,
            },
        );
    }

    async loadMore() {
        this.state.busy = true;
        try {
            const {runs, more} = await this.fetch(
                this.customerId,
                this.state.runs.at(-1).id,
            );
            this.state.runs.push(...runs);
            this.state.more = more;
        } finally {
            this.state.busy = false;
        }
    }

    tone({state}) {
        return TONES[state];
    }

    icon({kind}) {
        return iconOf(kind);
    }

    time(value) {
        return value ? formatDateTime(deserializeDateTime(value)) : "";
    }

    /** Where a run stands, or how it has ended. */
    whereText(run) {
        if (!run.at) {
            return run.outcome;
        }
        return run.due_at
            ? _t("At “%(step)s”, goes on at %(time)s at the latest", {
                  step: run.at,
                  time: this.time(run.due_at),
              })
            : _t("At “%s”", run.at);
    }

    start() {
        this.dialog.add(WorkflowStart, {
            domain: [["id", "=", this.customerId]],
            onStarted: () => notifyCustomerChanged(this.env, this.customerId),
        });
    }

    async stop({id}) {
        this.state.busy = true;
        try {
            await this.orm.call("mini_crm.workflow.run", "action_stop", [[id]]);
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("view_widgets").add("mini_crm_workflow_log", {
    component: WorkflowLog,
});
