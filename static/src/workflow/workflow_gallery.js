import {Component, onWillStart, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatList} from "@web/core/l10n/utils";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {channelLook} from "../shared/channel_looks";

const MAX_BYTES = 1_000_000; // of a file, as the server takes it

/** What a new workflow can begin with: a template, an empty canvas, a file. */
export class WorkflowGallery extends Component {
    static template = "mini_crm.WorkflowGallery";
    static props = {...standardActionServiceProps};
    static displayName = _t("New Workflow");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.file = useRef("file");
        this.state = useState({templates: [], reach: null, busy: false});
        onWillStart(async () => {
            this.state.templates = await this.call("get_templates");
        });
        // Not waited for: it looks at all customers.
        this.loadReach();
    }

    async loadReach() {
        try {
            this.state.reach = await this.orm.silent.call(
                "mini_crm.workflow",
                "get_reach",
                [],
            );
        } catch {
            this.state.reach = {};
        }
    }

    call(method, ...args) {
        return this.orm.call("mini_crm.workflow", method, args);
    }

    icon(channel) {
        return channelLook(channel).icon;
    }

    channelsText({channels}) {
        if (!channels.length) {
            return _t("Needs no channel");
        }
        return _t(
            "Needs %s",
            formatList(
                channels.map(([, label]) => label),
                {style: "or"},
            ),
        );
    }

    reachText({key}) {
        const number = this.state.reach?.[key];
        if (number === undefined) {
            return "";
        }
        return number === 1
            ? _t("Reaches one customer now")
            : _t("Reaches %s customers now", formatInteger(number));
    }

    async use({key}) {
        await this.make(() => this.call("create_from_template", key));
    }

    chooseFile() {
        this.file.el.click();
    }

    async onFile({target}) {
        const [file] = target.files;
        target.value = ""; // the same file can be chosen again
        if (!file) {
            return;
        }
        if (file.size > MAX_BYTES) {
            this.notification.add(
                _t("The file is larger than %s MB: it is no workflow.", 1),
                {type: "danger"},
            );
            return;
        }
        const content = await file.text();
        await this.make(() => this.call("import_file", content));
    }

    /** Open what was made; what this shop lacks is told and stays to be read. */
    async make(call) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const {id, missing} = await call();
            await this.open(id);
            if (missing.length) {
                this.notification.add(missing.join("\n"), {
                    title: _t("Your shop does not have all that it names"),
                    type: "warning",
                    sticky: true,
                    className: "o_mini_crm_workflow_missing",
                });
            }
        } finally {
            this.state.busy = false;
        }
    }

    open(id = false) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "mini_crm.workflow",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("mini_crm_workflow_gallery", WorkflowGallery);
