import {Component, useState} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {ConditionEditor} from "../condition/condition_editor";
import {wholeNumber} from "./workflow_setting";

/** Who may enter, how often, and who has to leave. */
export class WorkflowWhole extends Component {
    static template = "mini_crm.WorkflowWhole";
    static components = {ConditionEditor};
    static props = {model: Object};

    setup() {
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.model = useState(this.props.model);
        const {audience} = this.model.definition;
        this.state = useState({
            narrowed: Boolean(audience) && audience !== "[]",
            wrong: "",
            wrongMost: "",
        });
    }

    get policies() {
        return [
            ["once", _t("Once")],
            ["again", _t("Again after some days")],
            ["always", _t("Every time")],
        ];
    }

    get entry() {
        return this.model.definition.entry || {policy: "once"};
    }

    get audience() {
        return this.model.definition.audience || "[]";
    }

    get sentence() {
        return this.model.data.sentences[this.audience] || "";
    }

    get readonly() {
        return !this.model.mayEdit;
    }

    setPolicy(policy) {
        this.model.setWhole("entry", {...this.entry, policy});
    }

    setDays(text) {
        const days = wholeNumber(text);
        this.state.wrong = days > 0 ? "" : _t("A whole number above 0.");
        if (days > 0) {
            this.model.setWhole("entry", {...this.entry, days});
        }
    }

    setMostPerHour(text) {
        const most = wholeNumber(text);
        this.state.wrongMost = most > 0 ? "" : _t("A whole number above 0.");
        if (most > 0) {
            this.model.setMostPerHour(most);
        }
    }

    setNarrowed(narrowed) {
        this.state.narrowed = narrowed;
        if (!narrowed) {
            this.model.setWhole("audience", "[]");
        }
    }

    /** Off at once; on only by who has seen how many customers that can be. */
    async onBulk({target}) {
        if (!target.checked) {
            this.model.setWhole("bulk", false);
            return;
        }
        target.checked = false; // nothing is switched on yet
        const {trigger} = this.model.definition;
        const found = await this.orm.call("mini_crm.workflow", "get_bulk_preview", [
            [],
            trigger,
        ]);
        this.dialog.add(ConfirmationDialog, {
            title: _t("Also for imported and bulk changes?"),
            body: bulkText(trigger, found),
            confirmLabel: _t("Switch On"),
            confirm: () => this.model.setWhole("bulk", true),
            cancel: () => {},
        });
    }
}

/** @returns {string} how many customers bulk changes would concern */
function bulkText({kind}, {customers, days, more}) {
    const number = formatInteger(customers) + (more ? "+" : "");
    const values = {number, days: formatInteger(days)};
    if (kind === "inactive") {
        return _t(
            "%(number)s customers have been silent for %(days)s days or longer already. They would enter at once, as far as the workflow's other conditions let them.",
            values,
        );
    }
    return _t(
        "By imports and bulk changes of the last %(days)s days %(number)s customers would have entered, as far as the workflow's other conditions let them.",
        values,
    );
}
