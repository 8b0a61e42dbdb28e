import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {listView} from "@web/views/list/list_view";
import {SelectCreateDialog} from "@web/views/view_dialogs/select_create_dialog";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const MANAGER = "mini_crm.mini_crm_group_manager";

/**
 * Put customers in, keep them out or leave them to the condition, and offer to undo it.
 *
 * @param {Object} env
 * @param {number} segmentId
 * @param {string} method of `mini_crm.segment`, with its arguments behind
 * @param {Object} told `{message, reload}`
 */
export async function pinWithUndo(env, segmentId, [method, ...args], told) {
    const {orm, notification} = env.services;
    const call = (name, ...values) =>
        orm.call("mini_crm.segment", name, [[segmentId], ...values]);
    const before = await call(method, ...args);
    await told.reload();
    const close = notification.add(told.message, {
        type: "success",
        buttons: [
            {
                name: _t("Undo"),
                primary: true,
                onClick: async () => {
                    close();
                    await call("put_back", before);
                    await told.reload();
                },
            },
        ],
    });
}

/** Beside a member or somebody pinned: what a manager can do about it. */
export class PinButtons extends Component {
    static template = "mini_crm.PinButtons";
    static props = {...standardWidgetProps};

    setup() {
        this.state = useState({manager: false});
        onWillStart(async () => {
            this.state.manager = await user.hasGroup(MANAGER);
        });
    }

    get data() {
        return this.props.record.data;
    }

    /** Picked by hand: there is no condition that could decide. */
    get isStatic() {
        return this.props.record.context.segment_kind === "static";
    }

    /** Put in or kept out by hand: the condition may decide again. */
    get isPinned() {
        const byHand = Boolean(this.data.side) || this.data.reason === "hand";
        return byHand && !this.isStatic;
    }

    get canBeTakenOut() {
        return this.isStatic || !this.data.side;
    }

    takeOut() {
        if (this.isStatic) {
            return this.run(
                ["unpin", [this.data.partner_id.id]],
                _t("Taken out of the segment."),
            );
        }
        return this.run(
            ["pin", [this.data.partner_id.id], "out"],
            _t("Taken out of the segment for good."),
        );
    }

    release() {
        return this.run(
            ["unpin", [this.data.partner_id.id]],
            _t("The condition decides again."),
        );
    }

    run(call, message) {
        const {model} = this.props.record;
        return pinWithUndo(this.env, this.data.segment_id.id, call, {
            message,
            reload: () => model.load(),
        });
    }
}

registry.category("view_widgets").add("mini_crm_segment_pin", {
    component: PinButtons,
    fieldDependencies: [
        {name: "segment_id", type: "many2one"},
        {name: "partner_id", type: "many2one"},
    ],
});

/** Members of a segment, or those pinned: a row opens the customer. */
class SegmentMembersController extends listView.Controller {
    static template = "mini_crm.SegmentMembers";

    setup() {
        super.setup();
        this.segmentState = useState({manager: false});
        this.segmentDialog = useService("dialog");
        this.segmentAction = useService("action");
        onWillStart(async () => {
            this.segmentState.manager = await user.hasGroup(MANAGER);
        });
    }

    get segmentId() {
        return this.props.context.segment_id;
    }

    openRecord(record) {
        return this.segmentAction.doAction("mini_crm.mini_crm_customer_action", {
            viewType: "form",
            props: {resId: record.data.partner_id.id},
        });
    }

    addCustomers() {
        this.segmentDialog.add(SelectCreateDialog, {
            title: _t("Put in by hand"),
            noCreate: true,
            multiSelect: true,
            resModel: "res.partner",
            domain: [
                ["journey_stage", "!=", false],
                ["company_id", "in", [false, this.props.context.segment_company_id]],
                "!",
                ["segment_ids", "in", [this.segmentId]],
            ],
            onSelected: (ids) => this.putIn(ids),
        });
    }

    putIn(ids) {
        return pinWithUndo(this.env, this.segmentId, ["pin", ids, "in"], {
            message:
                ids.length === 1
                    ? _t("Put into the segment.")
                    : _t(
                          "%s customers put into the segment.",
                          formatInteger(ids.length),
                      ),
            reload: () => this.model.load(),
        });
    }
}

for (const name of ["mini_crm_segment_members", "mini_crm_segment_pins"]) {
    registry.category("views").add(name, {
        ...listView,
        Controller: SegmentMembersController,
    });
}
