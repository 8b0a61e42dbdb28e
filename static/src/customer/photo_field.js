import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {isBinarySize} from "@web/core/utils/binary";
import {FileUploader} from "@web/views/fields/file_handler";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Avatar} from "./avatar";

/** Photo of a customer in his form; a tap on the circle chooses another one. */
export class PhotoField extends Component {
    static template = "mini_crm.PhotoField";
    static components = {Avatar, FileUploader};
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({type: "image/png"});
    }

    get data() {
        return this.props.record.data;
    }

    get value() {
        return this.data[this.props.name];
    }

    /** A photo that is chosen but not saved yet, as a data URL. */
    get unsavedSource() {
        const {value} = this;
        return value && !isBinarySize(value)
            ? `data:${this.state.type};base64,${value}`
            : undefined;
    }

    onUploaded({data, type}) {
        this.state.type = type;
        return this.props.record.update({[this.props.name]: data});
    }

    onRemove() {
        return this.props.record.update({[this.props.name]: false});
    }
}

registry.category("fields").add("mini_crm_photo", {
    component: PhotoField,
    displayName: _t("Photo or Initials"),
    supportedTypes: ["binary"],
    isEmpty: () => false,
    fieldDependencies: [
        {name: "name", type: "char"},
        {name: "write_date", type: "datetime", readonly: true},
    ],
});
