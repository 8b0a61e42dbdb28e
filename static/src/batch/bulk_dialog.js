import {Component, onWillStart, onWillDestroy, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {formatInteger} from "@web/views/fields/formatters";
import {asciiDigits} from "../shared/digits";
import {followBatch, tellBatch} from "./batch_follow";
import {BulkValue} from "./bulk_value";

const WAIT_MS = 350;
// What must be there before the effect can be told, by what is asked for.
const COMPLETE = {
    tag: ({tag_id, tag}) => tag_id || tag,
    segment: ({segment_id}) => segment_id,
    user: ({user_id}) => user_id !== undefined,
    stage: ({stage, until}) => stage && until,
    task: ({summary, date}) => (summary || "").trim() && date,
    text: ({text}) => (text || "").trim(),
    field: ({field, value}) => field && value !== undefined,
};

/** @returns {string} a day from now, as YYYY-MM-DD */
function inDays(days) {
    const date = new Date(Date.now() + days * 86400000);
    return date.toISOString().slice(0, 10);
}

/** Change many customers: what, with what, the effect, the work. */
export class BulkDialog extends Component {
    static template = "mini_crm.BulkDialog";
    static components = {Dialog, BulkValue};
    static props = {
        domain: Array, // of contacts
        action: {type: String, optional: true}, // chosen already
        reload: Function, // shows what is there now
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            count: 0,
            actions: [],
            fields: [],
            stages: [],
            action: null,
            values: {},
            preview: null,
            problem: "",
            looking: false,
            typed: "",
            batch: null,
        });
        this.look = useDebounced(() => this.preview(), WAIT_MS);
        this.asked = 0;
        onWillStart(async () => {
            const choices = await this.orm.call("mini_crm.bulk", "get_choices", [
                this.props.domain,
            ]);
            Object.assign(this.state, choices);
            const chosen = choices.actions.find(({key}) => key === this.props.action);
            if (chosen) {
                await this.choose(chosen);
            }
        });
        onWillDestroy(() => {
            this.gone = true;
        });
    }

    get title() {
        return this.state.action
            ? this.state.action.label
            : _t("Change %s customers", formatInteger(this.state.count));
    }

    async choose(action) {
        if (action.opens) {
            const next = await this.orm.call("mini_crm.bulk", "open", [
                action.key,
                this.props.domain,
            ]);
            this.props.close();
            return this.action.doAction(next);
        }
        const values = {
            stage: {until: inDays(30)},
            task: {date: inDays(7)},
        }[action.value];
        Object.assign(this.state, {action, values: values || {}, typed: ""});
        return this.preview();
    }

    back() {
        this.asked++;
        Object.assign(this.state, {action: null, preview: null, problem: ""});
    }

    change(values) {
        // what is being asked was asked for other values
        this.asked++;
        Object.assign(this.state.values, values);
        Object.assign(this.state, {preview: null, problem: "", looking: false});
        this.look();
    }

    get isComplete() {
        const complete = COMPLETE[this.state.action.value];
        return Boolean(!complete || complete(this.state.values));
    }

    /** Ask what it would do; the last question counts. */
    async preview() {
        const {action, values} = this.state;
        if (this.gone || !action || !this.isComplete) {
            return;
        }
        const asked = ++this.asked;
        Object.assign(this.state, {looking: true, problem: ""});
        let preview = null;
        let problem = "";
        try {
            preview = await this.orm.silent.call("mini_crm.bulk", "preview", [
                action.key,
                this.props.domain,
                values,
            ]);
        } catch (error) {
            problem = error.data?.message || _t("This did not work. Try again.");
        }
        if (asked === this.asked && !this.gone) {
            Object.assign(this.state, {preview, problem, looking: false});
        }
    }

    // What it would do, in words

    get changedText() {
        const {changed} = this.state.preview;
        if (changed && this.state.action.key === "message") {
            return _t("It goes to %s customers.", formatInteger(changed));
        }
        if (!changed) {
            return _t("Nobody would change.");
        }
        return changed === 1
            ? _t("1 customer will change.")
            : _t("%s customers will change.", formatInteger(changed));
    }

    get alreadyText() {
        return _t("%s are so already.", formatInteger(this.state.preview.already));
    }

    leftOutText({count, reason}) {
        return _t("%(count)s left out: %(reason)s", {
            count: formatInteger(count),
            reason,
        });
    }

    get undoText() {
        if (this.state.action.key === "delete") {
            return _t("They stay in the bin for 30 days, and can be put back.");
        }
        return this.state.preview.undo
            ? _t("You can undo this for 30 days.")
            : _t("This cannot be undone.");
    }

    get applyLabel() {
        const {changed} = this.state.preview || {};
        if (!changed) {
            return _t("Apply");
        }
        return this.state.action.key === "delete"
            ? _t("Delete %s", formatInteger(changed))
            : _t("Apply to %s", formatInteger(changed));
    }

    get typedLabel() {
        return _t("Type %s to confirm", formatInteger(this.state.preview.count));
    }

    /** The number that was typed, in whatever digits, as ASCII ones. */
    get typedNumber() {
        return asciiDigits(this.state.typed).replace(/\D/g, "");
    }

    get canApply() {
        const {preview, batch} = this.state;
        if (!preview?.changed || batch) {
            return false;
        }
        return !preview.typed || this.typedNumber === String(preview.count);
    }

    // The work

    get doneText() {
        const {done, total, percent} = this.state.batch;
        return total
            ? _t("%(done)s of %(total)s customers", {
                  done: formatInteger(done),
                  total: formatInteger(total),
              })
            : `${percent} %`;
    }

    async apply() {
        const {action, values, preview} = this.state;
        const arguments_ = [action.key, this.props.domain, values];
        this.state.batch = {percent: 0};
        try {
            this.batchId = await this.orm.silent.call(
                "mini_crm.bulk",
                "apply",
                [...arguments_, preview.count, preview.hash],
                {typed: this.typedNumber},
            );
        } catch (error) {
            const problem = error.data?.message || _t("This did not work. Try again.");
            Object.assign(this.state, {batch: null, preview: null, problem});
            return;
        }
        const {batchId, env, props} = this;
        const batch = await followBatch(env, batchId, (now) => {
            if (!this.gone) {
                this.state.batch = now;
            }
        });
        await props.reload();
        if (!this.gone) {
            props.close();
        }
        tellBatch(env, batchId, batch, props.reload);
    }

    async stop() {
        await this.orm.call("mini_crm.batch", "action_cancel", [[this.batchId]]);
    }
}
