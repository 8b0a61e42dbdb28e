import {Component, onWillStart, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {patch} from "@web/core/utils/patch";
import {formatInteger} from "@web/views/fields/formatters";
// Loaded first: it registers the views that are extended below.
import "../customer/customer_views";

/** Choose a workflow, and have customers enter it. */
export class WorkflowStart extends Component {
    static template = "mini_crm.WorkflowStart";
    static components = {Dialog};
    static props = {
        domain: Array, // of contacts
        onStarted: {type: Function, optional: true},
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({workflows: [], busy: false});
        onWillStart(async () => {
            this.state.workflows = await this.orm.call(
                "mini_crm.workflow",
                "get_startable",
                [],
            );
        });
    }

    /** @returns {string} what has come of it */
    startedText({chosen, entered, later, last_at}) {
        if (later) {
            return _t(
                "%s customers are looked at now, one portion after the other. As many begin in an hour as the workflow may start.",
                formatInteger(chosen),
            );
        }
        if (!entered) {
            return _t(
                "Nobody has entered: who is in it already, or does not fit, stays out.",
            );
        }
        return [this.enteredText(chosen, entered), this.turnText(last_at)]
            .filter(Boolean)
            .join(" ");
    }

    enteredText(chosen, entered) {
        if (entered === chosen) {
            return chosen === 1
                ? _t("The workflow has started.")
                : _t("%s customers have entered.", formatInteger(entered));
        }
        return _t("%(entered)s of %(chosen)s customers have entered.", {
            entered: formatInteger(entered),
            chosen: formatInteger(chosen),
        });
    }

    /** Whom the limit has wait begins later. */
    turnText(lastAt) {
        return lastAt
            ? _t(
                  "The last one begins at %s, as it starts only so many in an hour.",
                  formatDateTime(deserializeDateTime(lastAt)),
              )
            : "";
    }

    async start({id, name}) {
        this.state.busy = true;
        try {
            const result = await this.orm.call(
                "mini_crm.workflow",
                "start_customers",
                [[id]],
                {domain: this.props.domain},
            );
            this.notification.add(this.startedText(result), {
                title: name,
                type: result.entered || result.later ? "success" : "warning",
            });
            this.props.onStarted?.();
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}

/**
 * The menu of a selection of customers, of any size, has "Start a workflow".
 *
 * @returns {Object} a patch, a new one for each class
 */
const withStart = () => ({
    getStaticActionMenuItems() {
        return {
            ...super.getStaticActionMenuItems(),
            mini_crm_start_workflow: {
                isAvailable: () => Boolean(this.model.root.selection?.length),
                sequence: 25,
                icon: "fa fa-bolt",
                description: _t("Start a workflow"),
                callback: () => this.startWorkflow(),
            },
        };
    },

    startWorkflow() {
        const {root} = this.model;
        const ids = root.selection.map((record) => record.resId);
        this.env.services.dialog.add(WorkflowStart, {
            domain: root.isDomainSelected ? root.domain : [["id", "in", ids]],
        });
    },
});

for (const name of ["mini_crm_customer_list", "mini_crm_customer_kanban"]) {
    patch(registry.category("views").get(name).Controller.prototype, withStart());
}
