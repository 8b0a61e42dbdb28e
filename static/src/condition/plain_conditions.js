import {
    Component,
    onMounted,
    onWillStart,
    onWillUpdateProps,
    useState,
} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {loadConditionFields} from "./condition_fields";
import {isPlainComplete, readPlain, writePlain} from "./plain_domain";
import {newRow, PlainRow} from "./plain_row";

const FIRST_FIELD = "crm_score";

/**
 * An editor of conditions in plain words: rows like "Spent | at least | 1,000,000",
 * all or one of which must hold, and groups of such rows.
 *
 * `onChange(domain, complete, draft)` is called with each change; while a row lacks its
 * value, `complete` is false and the domain leaves that row out. Whoever gives the `draft`
 * back with the same domain has such rows shown again. `onUnreadable()` is called when
 * the domain says more than plain words can. `firstField` is what an empty domain begins
 * with: a row that waits for its value.
 */
export class PlainConditions extends Component {
    static template = "mini_crm.PlainConditions";
    static components = {PlainRow};
    static props = {
        domain: String,
        fields: {type: Array, optional: true},
        onChange: Function,
        onUnreadable: {type: Function, optional: true},
        firstField: {type: String, optional: true},
        draft: {type: Object, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({plain: null});
        this.lastWritten = null;
        onWillStart(async () => {
            this.fields = this.props.fields || (await loadConditionFields(this.orm));
            this.read(this.props.domain);
        });
        onMounted(() => {
            const {firstField, draft} = this.props;
            if (draft?.domain === this.props.domain) {
                this.state.plain = draft.plain;
                this.write();
            } else if (firstField && this.plain && !this.plain.rows.length) {
                this.plain.rows.push(newRow(firstField, this.fields));
                this.write();
            }
        });
        onWillUpdateProps((next) => {
            // What comes back is what was said: rows that lack a value stay.
            if (next.domain !== this.lastWritten) {
                this.read(next.domain);
            }
        });
    }

    get plain() {
        return this.state.plain;
    }

    read(domain) {
        this.lastWritten = domain;
        this.state.plain = readPlain(domain, this.fields);
        if (!this.state.plain) {
            this.props.onUnreadable?.();
        }
    }

    write() {
        const domain = writePlain(this.plain, this.fields);
        const complete = isPlainComplete(this.plain, this.fields);
        this.lastWritten = domain;
        this.props.onChange(domain, complete, {domain, plain: this.plain});
    }

    addRow(group = this.plain) {
        const name = this.fields.some((field) => field.name === FIRST_FIELD)
            ? FIRST_FIELD
            : this.fields[0].name;
        group.rows.push(newRow(name, this.fields));
        this.write();
    }

    /** A group asks the other way round: one of these, where all of those must hold. */
    addGroup() {
        const group = {join: this.plain.join === "&" ? "|" : "&", rows: []};
        this.plain.rows.push(group);
        const added = this.plain.rows.at(-1);
        this.addRow(added);
        this.addRow(added);
    }

    setJoin(group, join) {
        group.join = join;
        this.write();
    }

    setRow(group, index, row) {
        group.rows[index] = row;
        this.write();
    }

    /** The last row of a group takes the group along. */
    removeRow(group, index) {
        group.rows.splice(index, 1);
        if (group !== this.plain && !group.rows.length) {
            this.plain.rows = this.plain.rows.filter((row) => row !== group);
        }
        this.write();
    }
}
