import {_t} from "@web/core/l10n/translation";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {formatList} from "@web/core/l10n/utils";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {formView} from "@web/views/form/form_view";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";

const WIZARD = "mini_crm.mini_crm_segment_wizard_action";

/**
 * Archive segments: what uses them is told before, and it is undone by a tap.
 *
 * @param {Object} env
 * @param {number[]} ids
 * @param {Function} reload shows what is there now
 */
export async function archiveSegments(env, ids, reload) {
    const {dialog, orm} = env.services;
    const segments = await orm.read("mini_crm.segment", ids, ["used_by"]);
    const uses = segments.flatMap((segment) => segment.used_by);
    if (!uses.length) {
        return archiveNow(env, ids, reload);
    }
    const list = formatList(uses.map((use) => `${use.kind} “${use.name}”`));
    dialog.add(ConfirmationDialog, {
        title:
            ids.length === 1
                ? _t("This segment is in use")
                : _t("Some of these segments are in use"),
        body:
            ids.length === 1
                ? _t(
                      "It is used by: %s. They find nobody in it while it is archived.",
                      list,
                  )
                : _t(
                      "They are used by: %s. These find nobody in them while they are archived.",
                      list,
                  ),
        confirmLabel: _t("Archive all the same"),
        confirm: () => archiveNow(env, ids, reload),
        cancelLabel: ids.length === 1 ? _t("Keep it") : _t("Keep them"),
        cancel: () => {},
    });
}

async function archiveNow(env, ids, reload) {
    const {notification, orm} = env.services;
    await orm.call("mini_crm.segment", "action_archive", [ids]);
    await reload();
    const message =
        ids.length === 1
            ? _t("Segment archived.")
            : _t("%s segments archived.", formatInteger(ids.length));
    const close = notification.add(message, {
        type: "success",
        buttons: [
            {
                name: _t("Undo"),
                primary: true,
                onClick: async () => {
                    close();
                    await orm.call("mini_crm.segment", "action_unarchive", [ids]);
                    await reload();
                },
            },
        ],
    });
}

/** Cards and the list: New leads to the wizard, archiving is as in the form. */
const ofSegments = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.segmentAction = useService("action");
        }

        createRecord() {
            return this.segmentAction.doAction(WIZARD);
        }

        getStaticActionMenuItems() {
            const items = super.getStaticActionMenuItems();
            items.archive.callback = () => this.archiveChosen();
            return items;
        }

        async archiveChosen() {
            const ids = await this.model.root.getResIds(true);
            return archiveSegments(this.env, ids, () => this.model.load());
        }
    };

export class SegmentFormController extends formView.Controller {
    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        items.archive.callback = () =>
            archiveSegments(this.env, [this.model.root.resId], () => this.model.load());
        return items;
    }

    create() {
        return this.env.services.action.doAction(WIZARD);
    }
}

registry.category("views").add("mini_crm_segment_kanban", {
    ...kanbanView,
    Controller: ofSegments(kanbanView.Controller),
});
registry.category("views").add("mini_crm_segment_list", {
    ...listView,
    Controller: ofSegments(listView.Controller),
});
registry.category("views").add("mini_crm_segment_form", {
    ...formView,
    Controller: SegmentFormController,
});
