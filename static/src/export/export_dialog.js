import {Component, onWillDestroy, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {awaited, fetchFile} from "./fetch_file";

const LOG = "mini_crm.export.log";
const POLL_MS = 1000;
const ICONS = {
    xlsx: "fa-file-excel-o",
    csv: "fa-table",
    csv_import: "fa-refresh",
    json: "fa-archive",
};
const TABLES = ["xlsx", "csv"];

/** Choose how customers are to be exported, and follow the export until it is there. */
export class ExportDialog extends Component {
    static template = "mini_crm.ExportDialog";
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.icons = ICONS;
        const {domain, ids, archived, about} = this.props.action.params;
        this.about = about;
        this.asked = {domain, ids, archived};
        this.state = useState({
            format: "",
            chosen: {},
            open: false,
            busy: false,
            cancelled: false,
            progress: null,
        });
        onWillStart(() => this.load());
        onWillDestroy(() => {
            clearTimeout(this.timer);
            awaited.delete(this.state.progress?.id);
        });
    }

    async load() {
        this.choices = await this.orm.call(
            "mini_crm.export",
            "choices",
            [],
            this.asked,
        );
        this.state.format = this.choices.format;
        this.state.chosen = Object.fromEntries(
            this.choices.chosen.map((name) => [name, true]),
        );
    }

    get countLabel() {
        const {count} = this.choices;
        return count === 1
            ? _t("1 customer")
            : _t("%s customers", formatInteger(count));
    }

    get isTable() {
        return TABLES.includes(this.state.format);
    }

    get columnGroups() {
        const names = {
            contact: _t("Contact"),
            figures: _t("Figures"),
            custom: _t("Own fields"),
        };
        return Object.entries(names)
            .map(([key, label]) => ({
                key,
                label,
                columns: this.choices.columns.filter(({group}) => group === key),
            }))
            .filter(({columns}) => columns.length);
    }

    get chosenNames() {
        const {columns} = this.choices;
        return columns.map(({name}) => name).filter((name) => this.state.chosen[name]);
    }

    get columnsLabel() {
        return _t("%(chosen)s of %(all)s columns", {
            chosen: formatInteger(this.chosenNames.length),
            all: formatInteger(this.choices.columns.length),
        });
    }

    get isWaiting() {
        return this.state.progress?.state === "running";
    }

    /** Whether a person can press Export now. */
    get isReady() {
        return this.choices.count && (!this.isTable || this.chosenNames.length);
    }

    pick(format) {
        this.state.format = format;
    }

    toggle(name) {
        this.state.chosen[name] = !this.state.chosen[name];
    }

    choose(columns, value) {
        for (const {name} of columns) {
            this.state.chosen[name] = value;
        }
    }

    isAll(columns) {
        return columns.every(({name}) => this.state.chosen[name]);
    }

    async start() {
        this.state.busy = true;
        try {
            const progress = await this.orm.call(LOG, "start_export", [], {
                ...this.asked,
                file_format: this.state.format,
                columns: this.isTable ? this.chosenNames : null,
            });
            if (progress.state === "running") {
                this.state.progress = progress;
                awaited.add(progress.id);
                this.timer = setTimeout(() => this.follow(), POLL_MS);
            } else {
                await this.finish(progress);
            }
        } finally {
            this.state.busy = false;
        }
    }

    /** Ask how far the export is until it has ended. */
    async follow() {
        try {
            this.state.progress = await this.orm.silent.call(LOG, "progress", [
                [this.state.progress.id],
            ]);
        } catch {
            // The connection is lost: the work goes on, and so does the asking.
        }
        if (this.isWaiting) {
            this.timer = setTimeout(() => this.follow(), POLL_MS);
        } else if (this.state.progress.state === "done") {
            await this.finish(this.state.progress);
        }
    }

    finish({url}) {
        fetchFile(url);
        return this.close();
    }

    async cancel() {
        this.state.cancelled = true;
        await this.orm.call(LOG, "action_cancel", [[this.state.progress.id]]);
        return this.close();
    }

    async again() {
        this.state.progress = await this.orm.call(LOG, "action_again", [
            [this.state.progress.id],
        ]);
        this.timer = setTimeout(() => this.follow(), POLL_MS);
    }

    close() {
        return this.action.doAction({type: "ir.actions.act_window_close"});
    }
}

registry.category("actions").add("mini_crm_export", ExportDialog);
