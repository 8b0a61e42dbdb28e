import {Component, useRef, useState} from "@odoo/owl";
import {useAutofocus} from "@web/core/utils/hooks";

/** Small sheet for the Note button: write, save. */
export class NoteChoice extends Component {
    static template = "mini_crm.NoteChoice";
    static props = {
        onSave: {type: Function},
        // Popovers pass it, sheets do not: who opened the choice closes it.
        close: {type: Function, optional: true},
    };

    setup() {
        this.state = useState({text: ""});
        this.textRef = useRef("text");
        useAutofocus({refName: "text", mobile: true});
    }

    get text() {
        return this.state.text.trim();
    }

    onKeydown(event) {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            this.save();
        }
    }

    save() {
        if (this.text) {
            this.props.onSave(this.text);
        }
    }
}
