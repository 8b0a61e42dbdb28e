import {Component, onWillUpdateProps, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatList} from "@web/core/l10n/utils";
import {formatInteger} from "@web/views/fields/formatters";
import {useService} from "@web/core/utils/hooks";

const ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    cp1256: "Windows-1256",
    cp1252: "Windows-1252",
    "latin-1": "Latin-1",
};

/** What can be chosen of customers: setting, question, answers. */
function treatments() {
    return [
        {
            name: "existing",
            label: _t("Customers that exist already"),
            choices: [
                {value: "update", label: _t("Update them")},
                {value: "skip", label: _t("Skip them")},
                {value: "create", label: _t("Create them once more")},
            ],
        },
        {
            name: "missing",
            label: _t("Customers that do not exist yet"),
            choices: [
                {value: "create", label: _t("Create them")},
                {value: "skip", label: _t("Skip them")},
            ],
        },
        {
            name: "similar",
            label: _t("New ones with somebody's phone or e-mail"),
            choices: [
                {value: "create", label: _t("Create them, and tell me")},
                {value: "skip", label: _t("Skip them")},
            ],
        },
        {
            name: "repeated",
            label: _t("A customer twice in the file"),
            choices: [
                {value: "first", label: _t("The first row counts")},
                {value: "last", label: _t("The last row counts")},
            ],
        },
    ];
}

/** Second step: what each column means, and how the file is read. */
export class ImportColumns extends Component {
    static template = "mini_crm.ImportColumns";
    static props = {
        file: Object,
        onChanged: Function,
        onCheck: Function,
        onBack: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({...this.chosen(this.props.file), busy: false});
        onWillUpdateProps((next) => {
            if (next.file !== this.props.file) {
                Object.assign(this.state, this.chosen(next.file));
            }
        });
        this.kinds = [
            {value: "customers", label: _t("Customers"), icon: "fa-users"},
            {value: "purchases", label: _t("Purchases"), icon: "fa-shopping-bag"},
        ];
        this.delimiters = [
            {value: ",", label: _t("Comma")},
            {value: ";", label: _t("Semicolon")},
            {value: "\t", label: _t("Tab")},
            {value: "|", label: _t("Vertical bar")},
        ];
        this.decimals = [
            {value: ".", label: "1,234.50"},
            {value: ",", label: "1.234,50"},
        ];
        this.orders = [
            {value: "ymd", label: _t("Year, month, day")},
            {value: "dmy", label: _t("Day, month, year")},
            {value: "mdy", label: _t("Month, day, year")},
        ];
        this.treatments = treatments();
    }

    /** What is chosen of a file: field of each column, and the settings. */
    chosen(file) {
        return {
            fields: Object.fromEntries(file.columns.map((c) => [c.index, c.field])),
            ...file.settings,
            date_orders: {...file.settings.date_orders},
        };
    }

    get about() {
        const {rows, columns, encoding, sheets, sheet} = this.props.file;
        return _t("%(rows)s rows · %(columns)s columns · %(encoding)s", {
            rows: formatInteger(rows),
            columns: formatInteger(columns.length),
            encoding: sheets.length
                ? _t("sheet “%s”", sheets[sheet])
                : ENCODINGS[encoding] || encoding,
        });
    }

    columnName({name, index}) {
        return name || _t("Column %s", index + 1);
    }

    get used() {
        return new Set(Object.values(this.state.fields).filter(Boolean));
    }

    get keys() {
        const keys = this.props.file.keys.filter(({value}) => this.used.has(value));
        const fixed = keys.filter(({value}) => !value.startsWith("custom:"));
        return fixed.length > 1
            ? [...keys, {value: "any", label: _t("Whichever of these the row has")}]
            : keys;
    }

    /** The key that holds: the chosen one as long as its column is there. */
    get key() {
        const keys = this.keys.map(({value}) => value);
        return keys.includes(this.state.key) ? this.state.key : keys[0] || "";
    }

    /** What still has to be chosen before the file can be checked; empty when nothing. */
    get missing() {
        const labels = this.props.file.fields
            .filter(({value, needed}) => needed && !this.used.has(value))
            .map(({label}) => label);
        if (!this.keys.length) {
            labels.unshift(_t("Customer key, e-mail or phone"));
        }
        return labels.length ? _t("Still to be chosen: %s", formatList(labels)) : "";
    }

    /** Whether a column is read as dates. */
    isDate(column) {
        const field = this.state.fields[column.index];
        const type = this.props.file.fields.find(({value}) => value === field)?.type;
        return ["date", "past_date"].includes(type);
    }

    orderOf(column) {
        return this.state.date_orders[column.index] || this.state.date_order;
    }

    /** How the first date of a column is read in its order. */
    dateRead(column) {
        const date = column.dates[this.orderOf(column)];
        return date ? _t("Read as %s", date) : _t("Not a date in this order");
    }

    chooseOrder(column, order) {
        this.state.date_orders[column.index] = order;
    }

    /** Columns that can become custom fields: named, and not chosen for anything. */
    get leftColumns() {
        return this.props.file.may_create_fields
            ? this.props.file.columns.filter(
                  ({name, index}) => name && !this.state.fields[index],
              )
            : [];
    }

    get createFieldsLabel() {
        return this.leftColumns.length === 1
            ? _t("Make a custom field of the column that is left")
            : _t("Make custom fields of the %s columns that are left", [
                  formatInteger(this.leftColumns.length),
              ]);
    }

    get slotsLabel() {
        const left = Object.values(this.props.file.slots).reduce((a, b) => a + b, 0);
        return _t("%s fields can still be made that can be filtered and sorted.", [
            formatInteger(left),
        ]);
    }

    /** Custom fields for the columns that are left; what was chosen stays. */
    async createFields() {
        const indexes = this.leftColumns.map(({index}) => index);
        this.state.busy = true;
        try {
            const file = await this.orm.call(
                "mini_crm.import",
                "create_fields",
                [[this.props.file.id]],
                {indexes, mapping: {...this.state.fields}},
            );
            Object.assign(file.settings, this.treatmentValues());
            this.props.onChanged(file);
        } finally {
            this.state.busy = false;
        }
    }

    treatmentValues() {
        const names = ["existing", "missing", "similar", "repeated", "key"];
        return Object.fromEntries(names.map((name) => [name, this.state[name]]));
    }

    get hasNumbers() {
        return this.usesType("amount", "number");
    }

    usesType(...types) {
        const {used} = this;
        return this.props.file.fields.some(
            ({value, type}) => types.includes(type) && used.has(value),
        );
    }

    /** The choices for a column: the fixed fields, then the shop's own in a group. */
    get fieldGroups() {
        const {fields} = this.props.file;
        const custom = fields.filter((field) => field.custom);
        return {fixed: fields.filter((field) => !field.custom), custom};
    }

    label(field) {
        return this.props.file.fields.find(({value}) => value === field)?.label || "";
    }

    chooseField(index, field) {
        for (const other of Object.keys(this.state.fields)) {
            if (field && this.state.fields[other] === field) {
                this.state.fields[other] = "";
            }
        }
        this.state.fields[index] = field;
    }

    /** Read the file in another way; the server guesses its columns anew. */
    async reread(choice) {
        this.state.busy = true;
        try {
            const file = await this.orm.call(
                "mini_crm.import",
                "choose",
                [[this.props.file.id]],
                choice,
            );
            this.props.onChanged(file);
        } finally {
            this.state.busy = false;
        }
    }

    async check() {
        const {create_customers, decimal, date_order, currency} = this.state;
        this.state.busy = true;
        try {
            await this.props.onCheck({
                mapping: {...this.state.fields},
                ...this.treatmentValues(),
                key: this.key,
                date_orders: {...this.state.date_orders},
                create_customers,
                decimal,
                date_order,
                currency,
            });
        } finally {
            this.state.busy = false;
        }
    }
}
