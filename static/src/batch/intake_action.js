import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {ImportProgress} from "./import_progress";

const KINDS = {
    own: _t("Field made in Odoo"),
    property: _t("Odoo property"),
    column: _t("Field of another app"),
};

/** Bring in what a database has already: choose, look, run. */
export class IntakeAction extends Component {
    static template = "mini_crm.IntakeAction";
    static components = {ImportProgress};
    static props = {...standardActionServiceProps};
    static displayName = _t("Bring In What You Have");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.kinds = KINDS;
        this.state = useState({
            step: "choose",
            offer: null,
            choices: {}, // by source: {chosen, key, label, type, replace}
            batchId: null,
            busy: false,
            problem: "",
        });
        onWillStart(() => this.load());
    }

    async load() {
        const offer = await this.orm.call("mini_crm.intake", "get_offer", []);
        const choices = {};
        for (const {source, label, type, key} of offer.sources) {
            choices[source] = {chosen: false, label, type, key, replace: false};
        }
        Object.assign(this.state, {offer, choices, step: "choose", batchId: null});
    }

    get sources() {
        return this.state.offer.sources;
    }

    get chosen() {
        return this.sources.filter(({source}) => this.state.choices[source].chosen);
    }

    countText({count}) {
        return count === 1
            ? _t("1 customer")
            : _t("%s customers", formatInteger(count));
    }

    /** Types that a new field for this source can have: a list needs choices. */
    types({choices}) {
        return this.state.offer.types.filter(
            ([type]) => type !== "select" || choices.length,
        );
    }

    get lookLabel() {
        return _t("See what would change");
    }

    async look() {
        Object.assign(this.state, {busy: true, problem: ""});
        const choices = this.chosen.map(({source}) => {
            const {key, label, type, replace} = this.state.choices[source];
            return {source, key, label, type, replace: Boolean(key && replace)};
        });
        try {
            this.state.batchId = await this.orm.silent.call(
                "mini_crm.intake",
                "check",
                [choices],
            );
            this.state.step = "check";
        } catch (error) {
            this.state.problem =
                error.data?.message || _t("This did not work. Try again.");
        } finally {
            this.state.busy = false;
        }
    }

    async run() {
        await this.orm.call("mini_crm.intake", "run", [this.state.batchId]);
        this.state.step = "run";
    }

    back() {
        this.state.step = "choose";
    }

    openFields() {
        return this.action.doAction("mini_crm.mini_crm_field_builder_action", {
            clearBreadcrumbs: true,
        });
    }
}

registry.category("actions").add("mini_crm_intake", IntakeAction);

// the form builder knows nothing of batches: it offers a place for such buttons
registry.category("mini_crm_form_builder_tools").add("intake", {
    label: _t("Bring in what you have"),
    icon: "fa-sign-in",
    action: "mini_crm.mini_crm_intake_action",
});
