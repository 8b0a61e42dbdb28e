import {Component, onWillDestroy, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {useService} from "@web/core/utils/hooks";
import {IntakeSources} from "./intake_sources";

const POLL_MS = 700;
const WAITING = ["checking", "running", "undoing"];

const ROW_STATES = {
    skipped: {label: _t("Skipped"), tone: "inactive"},
    note: {label: _t("Imported all the same"), tone: "warning"},
    kept: {label: _t("Changed since"), tone: "warning"},
};

/** Third and fourth step: the batch at work, and what it has found or done. */
export class ImportProgress extends Component {
    static template = "mini_crm.ImportProgress";
    static components = {IntakeSources};
    static props = {
        batchId: Number,
        step: String,
        onRun: Function,
        onBack: Function,
        onAgain: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            batch: null,
            lost: false,
            busy: false,
            cancelled: false,
        });
        onWillStart(() => this.follow());
        onWillDestroy(() => clearTimeout(this.timer));
    }

    /** Ask where the batch is, and again a little later as long as it works. */
    async follow() {
        try {
            this.state.batch = await this.orm.silent.call(
                "mini_crm.batch",
                "progress",
                [[this.props.batchId]],
            );
            this.state.lost = false;
        } catch {
            this.state.lost = true;
        }
        if (this.state.lost || this.isWaiting) {
            this.timer = setTimeout(() => this.follow(), POLL_MS);
        }
    }

    get isWaiting() {
        return WAITING.includes(this.state.batch?.state);
    }

    get isImport() {
        return this.state.batch.kind.startsWith("import_");
    }

    get isRecalculation() {
        return this.state.batch.kind === "recalculate";
    }

    /** Values of other fields come into custom fields. */
    get isIntake() {
        return this.state.batch.kind === "migration";
    }

    /** Whether it has gone beyond the look at what would be done. */
    get isWritten() {
        return !["checking", "ready"].includes(this.state.batch.state);
    }

    get isUndo() {
        return ["undoing", "undone"].includes(this.state.batch.state);
    }

    get title() {
        const {state, counts, kept} = this.state.batch;
        if (state === "undoing") {
            return _t("Undoing…");
        }
        if (state === "undone") {
            return kept ? _t("Undone, but for what was changed since") : _t("Undone");
        }
        if (this.isIntake && !this.isWritten) {
            return this.intakeTitle;
        }
        if (["running", "done"].includes(state)) {
            return this.isImport ? this.importTitle : this.otherTitle;
        }
        return {
            checking: _t("Checking every row…"),
            ready: counts.failed
                ? _t("Some rows have a problem")
                : _t("Everything is in order"),
            cancelled: _t("Cancelled"),
            failed: _t("Stopped"),
        }[state];
    }

    /** Title of an import while it runs and when it is done. */
    get importTitle() {
        const {state, counts} = this.state.batch;
        if (state === "running") {
            return _t("Importing…");
        }
        return counts.failed ? _t("Imported, but for some rows") : _t("All imported");
    }

    /** Title of what is no import, while it works and when it is done. */
    get otherTitle() {
        const {state, counts} = this.state.batch;
        if (this.isRecalculation) {
            return state === "done"
                ? _t("All scores are up to date")
                : _t("Calculating…");
        }
        if (state === "running") {
            return this.isIntake ? _t("Bringing in…") : _t("Changing customers…");
        }
        if (this.isIntake) {
            return counts.failed ? _t("Done, but some values do not fit") : _t("Done");
        }
        return counts.skipped + counts.failed
            ? _t("Done, but for some customers")
            : _t("Done");
    }

    /** Title of the look at what would be brought in. */
    get intakeTitle() {
        const {state, counts} = this.state.batch;
        if (state === "checking") {
            return _t("Looking at every value…");
        }
        return counts.failed
            ? _t("Some values do not fit")
            : _t("Everything is in order");
    }

    get intakeTiles() {
        return [
            {
                name: "updated",
                label: this.isWritten ? _t("Set") : _t("Will be set"),
                tone: "success",
            },
            {name: "unchanged", label: _t("The same already"), tone: "inactive"},
            {name: "skipped", label: _t("Left as they are"), tone: "warning"},
            {name: "failed", label: _t("Do not fit"), tone: "danger"},
        ].filter(({name}) => this.state.batch.counts[name] || name === "updated");
    }

    get rowsTitle() {
        if (this.isImport) {
            return _t("Rows to look at");
        }
        return this.state.batch.state === "undone"
            ? _t("Left as they are")
            : _t("Left out");
    }

    get look() {
        const {state, counts} = this.state.batch;
        if (state === "failed") {
            return {icon: "fa-exclamation-triangle", tone: "danger"};
        }
        if (this.isWaiting) {
            return {icon: "fa-circle-o-notch fa-spin", tone: "primary"};
        }
        if (state === "cancelled") {
            return {icon: "fa-ban", tone: "inactive"};
        }
        if (state === "undone") {
            return {icon: "fa-undo", tone: "inactive"};
        }
        return counts.failed
            ? {icon: "fa-exclamation-circle", tone: "warning"}
            : {icon: "fa-check-circle", tone: "success"};
    }

    get tiles() {
        const {counts, kept, restored} = this.state.batch;
        if (this.isUndo) {
            counts.restored = restored;
            counts.kept = kept;
            return [
                {name: "restored", label: _t("Put back"), tone: "success"},
                {name: "kept", label: _t("Left as they are"), tone: "warning"},
            ];
        }
        if (this.isRecalculation) {
            return [];
        }
        if (this.isIntake) {
            return this.intakeTiles;
        }
        if (!this.isImport) {
            return [
                {name: "updated", label: _t("Changed"), tone: "success"},
                {name: "unchanged", label: _t("Were so already"), tone: "inactive"},
                {name: "skipped", label: _t("Left out"), tone: "warning"},
                {name: "failed", label: _t("Problems"), tone: "danger"},
            ].filter(({name}) => counts[name] || name === "updated");
        }
        return [
            {name: "created", label: _t("New"), tone: "success"},
            {name: "updated", label: _t("Updated"), tone: "primary"},
            {name: "unchanged", label: _t("Unchanged"), tone: "inactive"},
            {name: "skipped", label: _t("Skipped"), tone: "inactive"},
            {name: "failed", label: _t("Problems"), tone: "danger"},
        ].filter(({name}) => counts[name] || name === "created" || name === "failed");
    }

    /** What the import would write. */
    get runLabel() {
        const {created, updated} = this.state.batch.counts;
        if (this.isIntake) {
            return _t("Bring in %s values", this.number(updated));
        }
        const rows = created + updated;
        if (!rows) {
            return _t("Import anyway");
        }
        return rows === 1
            ? _t("Import 1 row")
            : _t("Import %s rows", this.number(rows));
    }

    /** Fields without a value would be of no use. */
    get canRun() {
        return !this.isIntake || this.state.batch.counts.updated > 0;
    }

    get totalLabel() {
        if (this.isIntake) {
            return _t("%s values in all.", this.number(this.state.batch.total));
        }
        if (!this.isImport) {
            return _t("%s customers in all.", this.number(this.state.batch.total));
        }
        return _t("%s rows in all.", this.number(this.state.batch.total));
    }

    get allRowsLabel() {
        return _t("Show all %s rows", this.number(this.state.batch.row_count));
    }

    rowLabel(row) {
        return _t("Row %s", this.number(row.row));
    }

    number(value) {
        return formatInteger(value);
    }

    stateLabel(row) {
        return ROW_STATES[row.state]?.label || _t("Problem");
    }

    rowTone(row) {
        return ROW_STATES[row.state]?.tone || "danger";
    }

    async run() {
        this.state.busy = true;
        try {
            await this.props.onRun();
        } finally {
            this.state.busy = false;
        }
    }

    async cancel() {
        this.state.cancelled = true;
        await this.orm.call("mini_crm.batch", "action_cancel", [[this.props.batchId]]);
    }

    async resume() {
        await this.orm.call("mini_crm.batch", "action_resume", [[this.props.batchId]]);
        clearTimeout(this.timer);
        await this.follow();
    }

    async undo() {
        await this.orm.call("mini_crm.batch", "undo", [[this.props.batchId]]);
        clearTimeout(this.timer);
        await this.follow();
    }

    async openRows() {
        const action = await this.orm.call("mini_crm.batch", "action_open_rows", [
            [this.props.batchId],
        ]);
        return this.action.doAction(action);
    }

    openCustomers() {
        return this.action.doAction("mini_crm.mini_crm_customer_action", {
            clearBreadcrumbs: true,
        });
    }

    bringInMore() {
        return this.action.doAction("mini_crm.mini_crm_intake_action", {
            stackPosition: "replaceCurrentAction",
        });
    }

    openPurchases() {
        return this.action.doAction("mini_crm.mini_crm_purchase_action", {
            clearBreadcrumbs: true,
        });
    }
}
