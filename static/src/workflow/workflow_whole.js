import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {ConditionEditor} from "../condition/condition_editor";
import {wholeNumber} from "./workflow_setting";

/** Who may enter, how often, and who has to leave. */
export class WorkflowWhole extends Component {
    static template = "mini_crm.WorkflowWhole";
    static components = {ConditionEditor};
    static props = {model: Object};

    setup() {
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
}
