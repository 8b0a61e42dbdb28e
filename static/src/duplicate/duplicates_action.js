import {Component, onWillDestroy, onWillStart, useState} from "@odoo/owl";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {relativeTime} from "../shared/relative_time";
import {DuplicatePair} from "./duplicate_pair";

const POLL_MS = 1000;

/** The queue of possible duplicates: the likeliest first, one decision each. */
export class DuplicatesAction extends Component {
    static template = "mini_crm.DuplicatesAction";
    static components = {DuplicatePair};
    static props = {...standardActionServiceProps};
    static displayName = _t("Duplicates");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            pairs: [],
            total: 0,
            more: false,
            after: false,
            run: false,
            can_search: false,
            searched: false,
            loading: false,
            lost: false,
        });
        onWillStart(() => this.load());
        onWillDestroy(() => clearTimeout(this.timer));
    }

    /** The first page, or the next one behind what is shown. */
    async load(after = false) {
        this.state.loading = true;
        try {
            const {pairs, ...rest} = await this.orm.call(
                "mini_crm.duplicate",
                "get_queue",
                [after || null],
            );
            Object.assign(this.state, rest);
            this.state.pairs = after ? [...this.state.pairs, ...pairs] : pairs;
        } finally {
            this.state.loading = false;
        }
        this.follow();
    }

    /** Ask how far the search is as long as one is under way; then show what it found. */
    follow() {
        clearTimeout(this.timer);
        if (!this.state.run) {
            return;
        }
        this.timer = setTimeout(async () => {
            try {
                const search = await this.orm.silent.call(
                    "mini_crm.duplicate",
                    "get_search",
                    [],
                );
                Object.assign(this.state, search, {lost: false});
            } catch {
                this.state.lost = true;
            }
            if (this.state.run) {
                this.follow();
            } else {
                await this.load();
            }
        }, POLL_MS);
    }

    async search() {
        await this.orm.call("mini_crm.batch", "start_duplicates", []);
        await this.load();
    }

    get openPairs() {
        return this.state.pairs.filter(({state}) => state === "open").length;
    }

    get totalText() {
        const {total} = this.state;
        return total === 1
            ? _t("One pair waits for your decision.")
            : _t("%s pairs wait for your decision.", formatInteger(total));
    }

    get searchedText() {
        const {searched} = this.state;
        return searched
            ? _t(
                  "Everybody was compared %s; who changes is compared at once.",
                  relativeTime(deserializeDateTime(searched)),
              )
            : _t("Not everybody has been compared yet.");
    }

    async keepApart(pair) {
        await this.orm.call("mini_crm.duplicate", "action_not_duplicate", [[pair.id]]);
        pair.state = "not_duplicate";
        this.state.total -= 1;
    }

    async reopen(pair) {
        await this.orm.call("mini_crm.duplicate", "action_reopen", [[pair.id]]);
        pair.state = "open";
        this.state.total += 1;
    }

    async review(pair) {
        const action = await this.orm.call("mini_crm.duplicate", "action_review", [
            [pair.id],
        ]);
        return this.action.doAction(action, {onClose: () => this.load()});
    }

    openCustomer(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: id,
            views: [[false, "form"]],
            context: {form_view_ref: "mini_crm.mini_crm_customer_view_form"},
        });
    }
}

registry.category("actions").add("mini_crm_duplicates", DuplicatesAction);
