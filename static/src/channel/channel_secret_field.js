import {Component, useState} from "@odoo/owl";

/** Something to be entered and never shown again: says only whether it is set. */
export class ChannelSecretField extends Component {
    static template = "mini_crm.ChannelSecretField";
    static props = {
        name: String,
        label: String,
        isSet: Boolean,
        // ask for another one although it is set
        isWrong: {type: Boolean, optional: true},
        // what of it is no secret
        shown: {type: String, optional: true},
        placeholder: {type: String, optional: true},
        hint: {type: String, optional: true},
        // (value) => whether it was taken
        onSave: Function,
        canDelete: {type: Boolean, optional: true},
        busy: {type: Boolean, optional: true},
        button: String,
    };

    setup() {
        this.state = useState({value: "", editing: false});
    }

    get isOpen() {
        return this.state.editing || !this.props.isSet || this.props.isWrong;
    }

    async save() {
        if (await this.props.onSave(this.state.value)) {
            Object.assign(this.state, {value: "", editing: false});
        }
    }

    async remove() {
        await this.props.onSave("");
        this.state.editing = false;
    }
}
