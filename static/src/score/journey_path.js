import {Component} from "@odoo/owl";
import {serializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {usePopover} from "@web/core/popover/popover_hook";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {notifyCustomerChanged} from "../shared/customer_bus";

const {DateTime} = luxon;

/** Small choice: until when a stage set by hand holds. */
export class StageChoice extends Component {
    static template = "mini_crm.StageChoice";
    static props = {
        title: {type: String},
        choices: {type: Array},
        onChosen: {type: Function},
        // Popovers pass it, sheets do not: who opened the choice closes it.
        close: {type: Function, optional: true},
    };
}

/** Journey of a customer as a slim path; a tap on a stage sets it by hand. */
export class JourneyPath extends Component {
    static template = "mini_crm.JourneyPath";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.popover = usePopover(StageChoice, {
            position: "bottom",
            useBottomSheet: this.env.isSmall,
            popoverClass: "o_mini_crm_stage_popover",
        });
    }

    get record() {
        return this.props.record;
    }

    get steps() {
        const {selection} = this.record.fields[this.props.name];
        const current = this.record.data[this.props.name];
        const position = selection.findIndex(([value]) => value === current);
        return selection.map(([value, label], index) => ({
            value,
            label,
            isCurrent: index === position,
            isPast: index < position,
        }));
    }

    get heldUntil() {
        const until = this.record.data.journey_hold_until;
        return until ? until.toLocaleString(DateTime.DATE_MED) : "";
    }

    get heldText() {
        return _t("Set by hand until %s", this.heldUntil);
    }

    /** "In Retention for 41 days"; nothing when nobody can know since when. */
    get sinceText() {
        const since = this.record.data.stage_since;
        const step = this.steps.find((each) => each.isCurrent);
        if (!since || !step) {
            return "";
        }
        const days = Math.floor(DateTime.now().diff(since).as("days"));
        if (days < 1) {
            return _t("In %s since today", step.label);
        }
        return days === 1
            ? _t("In %s for one day", step.label)
            : _t("In %(stage)s for %(days)s days", {stage: step.label, days});
    }

    onStepClick(event, step) {
        if (!this.record.resId) {
            return;
        }
        const months = (count) => DateTime.now().plus({months: count});
        const choices = [
            {label: _t("For a month"), until: months(1)},
            {label: _t("For 3 months"), until: months(3)},
            {label: _t("For a year"), until: months(12)},
        ];
        if (this.heldUntil) {
            choices.push({label: _t("Let Mini CRM decide again"), automatic: true});
        }
        this.popover.open(event.currentTarget, {
            title: _t("How long should this customer stay in “%s”?", step.label),
            choices,
            onChosen: (choice) => {
                this.popover.close();
                this.setStage(step.value, choice);
            },
        });
    }

    async setStage(stage, choice) {
        if (!(await this.record.save())) {
            return;
        }
        const before = this.record.data[this.props.name];
        const heldBefore = this.record.data.journey_hold_until;
        const until = choice.automatic ? false : serializeDate(choice.until);
        await this.hold(choice.automatic ? false : stage, until);
        this.notification.add(_t("Journey stage changed."), {
            type: "success",
            buttons: [
                {
                    name: _t("Undo"),
                    onClick: () =>
                        heldBefore
                            ? this.hold(before, serializeDate(heldBefore))
                            : this.hold(false, false),
                },
            ],
        });
    }

    /** Hold a stage until a date; without a stage it follows from the facts again. */
    async hold(stage, until) {
        await this.orm.call("res.partner", "action_set_journey_stage", [
            [this.record.resId],
            stage,
            until,
        ]);
        await this.record.load();
        notifyCustomerChanged(this.env, this.record.resId);
    }
}

registry.category("fields").add("mini_crm_journey_path", {
    component: JourneyPath,
    displayName: _t("Journey Path"),
    supportedTypes: ["selection"],
    isEmpty: () => false,
    fieldDependencies: [
        {name: "journey_hold_until", type: "date", readonly: true},
        {name: "stage_since", type: "datetime", readonly: true},
    ],
});
