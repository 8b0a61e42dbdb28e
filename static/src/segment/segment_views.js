import {_t} from "@web/core/l10n/translation";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {formatList} from "@web/core/l10n/utils";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formView} from "@web/views/form/form_view";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";

const WIZARD = "mini_crm.mini_crm_segment_wizard_action";

/** New leads to the wizard, from cards and from the list. */
const withWizard = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.segmentAction = useService("action");
        }

        createRecord() {
            return this.segmentAction.doAction(WIZARD);
        }
    };

/** Archiving is undone by a tap; what uses the segment is told before. */
export class SegmentFormController extends formView.Controller {
    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        items.archive.callback = () => this.archiveSegment();
        return items;
    }

    create() {
        return this.env.services.action.doAction(WIZARD);
    }

    async archiveSegment() {
        const id = this.model.root.resId;
        const uses = await this.model.orm.call("mini_crm.segment", "usages", [[id]]);
        if (!uses.length) {
            return this.archiveNow(id);
        }
        this.env.services.dialog.add(ConfirmationDialog, {
            title: _t("This segment is in use"),
            body: _t(
                "It is used by: %s. They find nobody in it while it is archived.",
                formatList(uses.map((use) => `${use.kind} “${use.name}”`)),
            ),
            confirmLabel: _t("Archive all the same"),
            confirm: () => this.archiveNow(id),
            cancelLabel: _t("Keep it"),
            cancel: () => {},
        });
    }

    async archiveNow(id) {
        const {orm} = this.model;
        await orm.call("mini_crm.segment", "action_archive", [[id]]);
        await this.model.load();
        const close = this.env.services.notification.add(_t("Segment archived."), {
            type: "success",
            buttons: [
                {
                    name: _t("Undo"),
                    primary: true,
                    onClick: async () => {
                        close();
                        await orm.call("mini_crm.segment", "action_unarchive", [[id]]);
                        await this.model.load();
                    },
                },
            ],
        });
    }
}

registry.category("views").add("mini_crm_segment_kanban", {
    ...kanbanView,
    Controller: withWizard(kanbanView.Controller),
});
registry.category("views").add("mini_crm_segment_list", {
    ...listView,
    Controller: withWizard(listView.Controller),
});
registry.category("views").add("mini_crm_segment_form", {
    ...formView,
    Controller: SegmentFormController,
});
