import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {useService} from "@web/core/utils/hooks";
import {START} from "./workflow_graph";
import {WorkflowTestRun} from "./workflow_test_run";

/** Above the drawing: undo, what is wrong, a test run, and whether it runs. */
export class WorkflowBar extends Component {
    static template = "mini_crm.WorkflowBar";
    static components = {Dropdown, DropdownItem};
    static props = {model: Object, record: Object, onOpen: Function};

    setup() {
        this.model = useState(this.props.model);
        this.state = useState({busy: false});
        this.orm = useService("orm");
        this.dialog = useService("dialog");
    }

    get problems() {
        return this.model.data.problems;
    }

    get workflowState() {
        return this.props.record.data.state;
    }

    get statusText() {
        return {
            saved: this.props.record.resId ? _t("Saved") : "",
            saving: _t("Saving…"),
            unsaved: this.model.conflict ? _t("Not saved") : _t("Saving…"),
        }[this.model.status];
    }

    get problemsText() {
        const {length} = this.problems;
        return length === 1 ? _t("1 problem") : _t("%s problems", length);
    }

    get publishText() {
        return this.workflowState === "draft" ? _t("Publish") : _t("Publish changes");
    }

    /** Whether publishing would change what customers go through. */
    get toPublish() {
        return this.workflowState === "draft" || this.model.data.unpublished;
    }

    get mayPublish() {
        return (
            !this.model.errors.length &&
            !this.model.conflict &&
            this.model.status === "saved" &&
            Boolean(this.props.record.resId) &&
            !this.state.busy
        );
    }

    /** Which step a problem is about. */
    problemAt({node}) {
        return this.model.nodeOf(node || START)
            ? this.model.kindOf(node || START).label
            : "";
    }

    showProblem({node}) {
        if (this.model.nodeOf(node || START)) {
            this.props.onOpen(node || START);
        }
    }

    testRun() {
        this.dialog.add(WorkflowTestRun, {
            model: this.model,
            workflow: this.props.record.resId,
        });
    }

    /** Publish, pause or resume: methods of the workflow. */
    async act(method) {
        this.state.busy = true;
        try {
            await this.model.save();
            const {record} = this.props;
            await this.orm.call("mini_crm.workflow", method, [[record.resId]]);
            await record.load();
            await this.model.load(record.resId);
        } finally {
            this.state.busy = false;
        }
    }
}
