import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {fieldTypes} from "./field_types";

/** The types of fields: drag one onto a section, or tap it. */
export class BuilderPalette extends Component {
    static template = "mini_crm.BuilderPalette";
    static props = {
        // As `mini_crm.field.slots` gives them: {type: {all, free, archived}}.
        slots: Object,
        onPick: Function,
    };

    setup() {
        this.state = useState({open: false});
        this.types = fieldTypes();
    }

    /** How many fields of a type can still be filtered and sorted, in words. */
    freeText(type) {
        return _t("%s left", this.props.slots[type].free);
    }
}
