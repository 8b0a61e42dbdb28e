import {Component, onWillStart, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {DomainSelector} from "@web/core/domain_selector/domain_selector";
import {TreeEditor} from "@web/core/tree_editor/tree_editor";
import {Input} from "@web/core/tree_editor/tree_editor_components";
import {ConditionCount} from "./condition_count";
import {loadConditionFields} from "./condition_fields";
import {PlainConditions} from "./plain_conditions";

const RELATIVE_DAY = /^(today|now|=|[-+])/;

/** Odoo's tree of conditions, which has no input for days told from today on. */
class ConditionTree extends TreeEditor {
    static components = {...TreeEditor.components};

    getValueEditorInfo(node) {
        const info = super.getValueEditorInfo(node);
        const isDay = ["date", "datetime"].includes(this.getFieldDef(node.path)?.type);
        return isDay && RELATIVE_DAY.test(node.value)
            ? {
                  ...info,
                  component: Input,
                  extractProps: ({value, update}) => ({value, update}),
                  isSupported: () => true,
              }
            : info;
    }
}

ConditionTree.components.TreeEditor = ConditionTree;

/** Odoo's domain editor, offering nothing but what conditions may name. */
class ConditionSelector extends DomainSelector {
    static components = {...DomainSelector.components, TreeEditor: ConditionTree};
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

    /** What is said in plain words; rows that lack a value are kept for the way back. */
    updatePlain(domain, complete, draft) {
        this.draft = draft;
        this.props.onChange(domain, complete);
    }

    showDomain() {
        this.state.mode = "domain";
        this.props.onChange(this.props.domain, true);
    }

    showPlain() {
        Object.assign(this.state, {mode: "plain", unreadable: false});
    }

    /** The domain stays as it is; only the way to look at it changes. */
    onUnreadable() {
        Object.assign(this.state, {mode: "domain", unreadable: true});
    }
}
