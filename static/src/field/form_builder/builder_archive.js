import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {fieldTypes} from "./field_types";

/** Archived fields, folded: their values are kept, and they can come back. */
export class BuilderArchive extends Component {
    static template = "mini_crm.BuilderArchive";
    static props = {fields: Array, model: Object};

    setup() {
        this.state = useState({open: false});
    }

    get title() {
        return _t("Archived fields (%s)", this.props.fields.length);
    }

    icon(field) {
        return fieldTypes().find(({type}) => type === field.type).icon;
    }

    restore({id}) {
        return this.props.model.apply({kind: "restore", id});
    }
}
