import {_t} from "@web/core/l10n/translation";
import {downloadFile} from "@web/core/network/download";
import {registry} from "@web/core/registry";
import {formView} from "@web/views/form/form_view";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";

const GALLERY = "mini_crm.mini_crm_workflow_gallery_action";

/** New leads to the gallery of templates. */
const ofWorkflows = (Controller) =>
    class extends Controller {
        createRecord() {
            return this.env.services.action.doAction(GALLERY);
        }
    };

export class WorkflowFormController extends formView.Controller {
    create() {
        return this.env.services.action.doAction(GALLERY);
    }

    getStaticActionMenuItems() {
        const isSaved = () => Boolean(this.model.root.resId);
        return {
            ...super.getStaticActionMenuItems(),
            mini_crm_runs: {
                isAvailable: isSaved,
                sequence: 2,
                icon: "fa fa-list",
                description: _t("Customers in it"),
                callback: () => this.openRuns(),
            },
            mini_crm_export: {
                isAvailable: () => isSaved() && this.canEdit,
                sequence: 4,
                icon: "fa fa-download",
                description: _t("Save as a file"),
                callback: () => this.saveAsFile(),
            },
        };
    }

    openRuns() {
        return this.env.services.action.doAction(
            "mini_crm.mini_crm_workflow_run_action",
            {
                additionalContext: {
                    search_default_workflow_id: this.model.root.resId,
                },
            },
        );
    }

    async saveAsFile() {
        const {name, content} = await this.orm.call("mini_crm.workflow", "get_export", [
            [this.model.root.resId],
        ]);
        downloadFile(content, name, "application/json");
    }
}

registry.category("views").add("mini_crm_workflow_list", {
    ...listView,
    Controller: ofWorkflows(listView.Controller),
});
registry.category("views").add("mini_crm_workflow_kanban", {
    ...kanbanView,
    Controller: ofWorkflows(kanbanView.Controller),
});
registry.category("views").add("mini_crm_workflow_form", {
    ...formView,
    Controller: WorkflowFormController,
});
