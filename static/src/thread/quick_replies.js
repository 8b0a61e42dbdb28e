import {Component, onWillUpdateProps, useExternalListener, useState} from "@odoo/owl";
import {slashReplies} from "./thread_text";

/** The list of quick replies: opened by "/" or by the button, used by keys or a tap. */
export class QuickReplies extends Component {
    static template = "mini_crm.QuickReplies";
    static props = {
        replies: Array,
        text: String,
        shown: Boolean,
        // ref of the box in which one writes: its keys move in the list
        box: Object,
        onChoose: Function,
        onClose: Function,
    };

    setup() {
        this.state = useState({active: 0, closedFor: null});
        onWillUpdateProps((next) => {
            if (next.text !== this.props.text || next.shown !== this.props.shown) {
                this.state.active = 0;
            }
        });
        useExternalListener(window, "keydown", (event) => this.onKeydown(event), {
            capture: true,
        });
    }

    /** The replies to show, or null when the list is closed. */
    get found() {
        const {replies, text, shown} = this.props;
        if (this.state.closedFor === text && !shown) {
            return null;
        }
        return slashReplies(replies, text) || (shown ? replies : null);
    }

    onKeydown(event) {
        const {found} = this;
        if (!found || event.target !== this.props.box.el || event.isComposing) {
            return;
        }
        const keys = {
            ArrowDown: () => this.move(1, found.length),
            ArrowUp: () => this.move(-1, found.length),
            Enter: () => found.length && this.props.onChoose(found[this.state.active]),
            Tab: () => found.length && this.props.onChoose(found[this.state.active]),
            Escape: () => this.close(),
        };
        if (keys[event.key] && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            event.stopPropagation();
            keys[event.key]();
        }
    }

    move(step, count) {
        this.state.active = count ? (this.state.active + step + count) % count : 0;
    }

    close() {
        this.state.closedFor = this.props.text;
        this.props.onClose();
    }
}
