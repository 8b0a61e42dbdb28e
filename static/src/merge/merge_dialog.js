import {Component, onWillStart, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";
import {MergeFields} from "./merge_fields";
import {MergePartner} from "./merge_partner";
import {tellUndone} from "./merge_undo";

const MERGE = "mini_crm.merge";

/**
 * Several contacts side by side: who stays, which value each field gets, what moves.
 *
 * Whatever is shown comes from `mini_crm.merge.look`, which decides as the merge itself
 * does; each choice asks it again.
 */
export class MergeDialog extends Component {
    static template = "mini_crm.MergeDialog";
    static components = {Dialog, MergeFields, MergePartner};
    static props = {
        partnerIds: {type: Array, element: Number},
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({
            ids: [...this.props.partnerIds],
            survivorId: false,
            choices: {},
            look: null,
            same: false,
            busy: false,
        });
        this.asked = 0;
        onWillStart(() => this.look());
    }

    get title() {
        return this.isComplete ? _t("Merge customers") : _t("Merge with…");
    }

    get isComplete() {
        return Boolean(this.state.look);
    }

    get differing() {
        return this.state.look.fields.filter((field) => field.differs);
    }

    get same() {
        return this.state.look.fields.filter((field) => !field.differs);
    }

    get survivor() {
        const {look} = this.state;
        return look.people.find(({id}) => id === look.survivor_id);
    }

    /** Ask what would come of it; of two answers the later question's counts. */
    async look() {
        if (this.state.ids.length < 2) {
            return;
        }
        const asked = ++this.asked;
        const {ids, survivorId, choices} = this.state;
        const look = await this.orm.call(MERGE, "look", [ids, survivorId, choices]);
        if (asked === this.asked) {
            this.state.look = look;
        }
    }

    add(partnerId) {
        this.state.ids.push(partnerId);
        return this.look();
    }

    keep(partnerId) {
        this.state.survivorId = partnerId;
        return this.look();
    }

    choose(name, partnerId) {
        this.state.choices[name] = partnerId;
        return this.look();
    }

    async merge() {
        const {ids, choices, look} = this.state;
        const others = ids.filter((id) => id !== look.survivor_id);
        this.state.busy = true;
        try {
            // what was shown is what is done, whatever somebody changes meanwhile
            const shown = Object.fromEntries(
                this.differing
                    .filter(({reason}) => !["sum", "same"].includes(reason))
                    .map(({name, chosen}) => [name, chosen]),
            );
            const batchId = await this.orm.call(MERGE, "merge", [
                look.survivor_id,
                others,
                {...shown, ...choices},
            ]);
            this.props.close();
            this.tell(batchId, ids.length);
            await this.show(look.survivor_id);
        } finally {
            this.state.busy = false;
        }
    }

    /** Say that it is done, with the way back. */
    tell(batchId, count) {
        const close = this.notification.add(_t("%s customers are one now.", count), {
            type: "success",
            autocloseDelay: 15000,
            buttons: [
                {
                    name: _t("Undo"),
                    primary: true,
                    onClick: async () => {
                        close();
                        await this.undo(batchId);
                    },
                },
            ],
        });
    }

    async undo(batchId) {
        // the dialog is closed by then, which ends what is its own
        const kept = await this.env.services.orm.call(MERGE, "undo", [batchId]);
        await tellUndone(this.env, kept);
    }

    /** From a list, the list again; from a customer, the one who stays. */
    show(survivorId) {
        this.env.bus.trigger("MINI_CRM:MERGED", {survivorId});
        if (this.props.partnerIds.length > 1) {
            return this.action.doAction("soft_reload");
        }
        return this.env.services.orm
            .call("res.partner", "action_open_customer", [[survivorId]], {
                context: user.context,
            })
            .then((action) =>
                this.action.doAction(action, {stackPosition: "replaceCurrentAction"}),
            );
    }
}
