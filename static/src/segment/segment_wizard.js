import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {ConditionCount} from "../condition/condition_count";
import {ConditionEditor} from "../condition/condition_editor";
import {Palette} from "./palette";

/**
 * What can be done with a segment that was just made: `{key, label, icon, run(id, env)}`.
 * Higher rooms add to it.
 */
export const segmentUses = registry.category("mini_crm.segment_uses");

const FIRST_COLOUR = "#2196F3";

/**
 * Three steps to a segment: what to begin with, who is in it, its name. Each step leads
 * back without loss, and the domain editor is one tap away where there is a condition.
 *
 * `params.domain` begins with a condition that was made elsewhere, at the second step.
 */
export class SegmentWizard extends Component {
    static template = "mini_crm.SegmentWizard";
    static components = {ConditionCount, ConditionEditor, Palette};
    static props = {...standardActionServiceProps};
    static displayName = _t("New Segment");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        const {params, context} = this.props.action;
        const domain = params?.domain || context?.segment_domain;
        this.state = useState({
            step: domain ? "conditions" : "beginning",
            beginnings: [],
            chosen: domain ? "given" : null,
            kind: "dynamic",
            domain: domain || "[]",
            firstField: undefined,
            complete: true,
            problems: false,
            name: "",
            color: FIRST_COLOUR,
            busy: false,
        });
        onWillStart(async () => {
            this.state.beginnings = await this.orm.call(
                "mini_crm.segment.wizard",
                "beginnings",
                [],
            );
        });
    }

    get steps() {
        const names = ["beginning", "conditions", "name"];
        const at = names.indexOf(this.state.step);
        const labels = [_t("Beginning"), _t("Who is in it"), _t("Name")];
        return names.map((name, index) => ({
            name,
            label: labels[index],
            number: index + 1,
            active: index === at,
            done: index < at,
        }));
    }

    get isStatic() {
        return this.state.kind === "static";
    }

    get canGoOn() {
        return this.state.complete && !this.state.problems;
    }

    get uses() {
        return segmentUses.getAll();
    }

    /** Coming back to the same beginning keeps what was changed in its conditions. */
    choose(beginning) {
        const {state} = this;
        if (state.chosen !== beginning.key) {
            Object.assign(state, {
                chosen: beginning.key,
                kind: beginning.kind,
                domain: beginning.domain,
                firstField: beginning.field || undefined,
                complete: !beginning.field,
                problems: false,
                color: beginning.color,
                name: this.nameOf(beginning),
            });
        }
        state.step = this.isStatic ? "name" : "conditions";
    }

    /** A beginning that says who is meant brings its name along. */
    nameOf({key, name}) {
        return ["empty", "static", "tag"].includes(key) ? "" : name;
    }

    setDomain(domain, complete) {
        Object.assign(this.state, {domain, complete});
    }

    /** One that takes long to count has a sentence, and may be kept. */
    setAnswer({problems, sentence}) {
        this.state.problems = problems.length > 0 && !sentence;
    }

    goTo(step) {
        this.state.step = step;
    }

    back() {
        const {step} = this.state;
        const isLast = step === "name" && !this.isStatic;
        this.goTo(isLast ? "conditions" : "beginning");
    }

    async save(use) {
        const {name, color, domain, kind} = this.state;
        if (!name.trim()) {
            return this.notification.add(_t("Give the segment a name."), {
                type: "warning",
            });
        }
        this.state.busy = true;
        try {
            const [wizard] = await this.orm.create("mini_crm.segment.wizard", [
                {name, color, domain, kind},
            ]);
            const id = await this.orm.call(
                "mini_crm.segment.wizard",
                "create_segment",
                [[wizard]],
            );
            await use.run(id, this.env);
        } finally {
            this.state.busy = false;
        }
    }
}

/** Open a page about a new segment; the wizard is not a place to come back to. */
async function open(env, method, id) {
    const action = await env.services.orm.call("mini_crm.segment", method, [[id]]);
    return env.services.action.doAction(action, {
        stackPosition: "replaceCurrentAction",
    });
}

segmentUses.add("customers", {
    get label() {
        return _t("Save and open its customers");
    },
    icon: "fa-users",
    run: (id, env) => open(env, "action_open_new", id),
});

registry.category("actions").add("mini_crm_segment_wizard", SegmentWizard);
