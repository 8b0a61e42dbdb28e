import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {ImportColumns} from "./import_columns";
import {ImportFile} from "./import_file";
import {ImportProgress} from "./import_progress";

/** The import screen: a file, its columns, the check, the run; one step at a time. */
export class ImportAction extends Component {
    static template = "mini_crm.ImportAction";
    static components = {ImportColumns, ImportFile, ImportProgress};
    static props = {...standardActionServiceProps};
    static displayName = _t("Import");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({step: "file", file: null, batchId: null});
        this.title = _t("Import");
        onWillStart(() => {
            const {params, context} = this.props.action;
            const batchId = params?.batch_id || context?.import_batch_id;
            if (batchId) {
                // Only to follow a batch that somebody has started elsewhere.
                Object.assign(this.state, {step: "run", batchId});
                this.title = this.props.action.name || this.title;
                this.follows = true;
            }
        });
    }

    get steps() {
        const names = ["file", "columns", "check", "run"];
        const at = names.indexOf(this.state.step);
        const labels = [_t("File"), _t("Columns"), _t("Check"), _t("Import")];
        return names.map((name, index) => ({
            name,
            label: labels[index],
            number: index + 1,
            done: index < at,
            active: index === at,
        }));
    }

    /** A file has been read: show what is in it. */
    showColumns(file) {
        Object.assign(this.state, {file, batchId: file.batch_id, step: "columns"});
    }

    async check(settings) {
        await this.orm.call("mini_crm.import", "check", [
            [this.state.file.id],
            settings,
        ]);
        Object.assign(this.state.file.settings, settings);
        this.state.step = "check";
    }

    async run() {
        await this.orm.call("mini_crm.import", "run", [[this.state.file.id]]);
        this.state.step = "run";
    }

    goTo(step) {
        this.state.step = step;
    }

    startAgain() {
        if (this.follows) {
            this.action.doAction("mini_crm.mini_crm_import_action", {
                clearBreadcrumbs: true,
            });
            return;
        }
        Object.assign(this.state, {step: "file", file: null, batchId: null});
    }

    showEarlier() {
        return this.action.doAction("mini_crm.mini_crm_batch_action");
    }
}

registry.category("actions").add("mini_crm_import", ImportAction);
