import {Component, onWillStart, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {DomainSelector} from "@web/core/domain_selector/domain_selector";
import {ConditionCount} from "./condition_count";
import {loadConditionFields} from "./condition_fields";
import {PlainConditions} from "./plain_conditions";

/** Odoo's domain editor, offering nothing but what conditions may name. */
class ConditionSelector extends DomainSelector {
    static props = {...DomainSelector.props, fields: Array};

    getPathEditorInfo() {
        const info = super.getPathEditorInfo(...arguments);
        const allowed = new Set(this.props.fields.map(({name}) => name));
        const extract = info.extractProps;
        return {
            ...info,
            extractProps: (options) => ({
                ...extract(options),
                followRelations: false,
                filter: (field) => allowed.has(field.name),
            }),
        };
    }

    getDefaultCondition(fieldDefs) {
        const allowed = this.props.fields
            .map(({name}) => name)
            .filter((name) => name in fieldDefs);
        const first = allowed.includes("crm_score") ? "crm_score" : allowed[0];
        return super.getDefaultCondition({[first]: fieldDefs[first]});
    }

    /** Archived customers are in no count. */
    getShowArchivedCheckBox() {
        return false;
    }
}

/**
 * Conditions of customers, in plain words or in Odoo's domain editor, with who fits them.
 *
 * One tap leads from one editor to the other; nothing is lost on the way. A domain that
 * plain words cannot show opens in the domain editor, which says so.
 */
export class ConditionEditor extends Component {
    static template = "mini_crm.ConditionEditor";
    static components = {ConditionCount, ConditionSelector, PlainConditions};
    static props = {
        domain: String,
        onChange: Function,
        onAnswer: {type: Function, optional: true},
        firstField: {type: String, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({mode: "plain", unreadable: false});
        onWillStart(async () => {
            this.fields = await loadConditionFields(this.orm);
        });
    }

    show(mode) {
        Object.assign(this.state, {mode, unreadable: false});
    }

    /** The domain stays as it is; only the way to look at it changes. */
    onUnreadable() {
        Object.assign(this.state, {mode: "domain", unreadable: true});
    }
}
