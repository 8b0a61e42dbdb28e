import {Component} from "@odoo/owl";
import {
    fileSize,
    kindLabel,
    outcomeLabel,
    stateLook,
    wayLook,
    withPhones,
} from "./thread_text";

/** One thing said: a message, an e-mail, a call or a note. */
export class MessageBubble extends Component {
    static template = "mini_crm.MessageBubble";
    static props = {
        row: Object,
        onQuote: Function,
        onDecide: Function,
        onOpenDocument: Function,
    };

    setup() {
        this.fileSize = fileSize;
        this.kindLabel = kindLabel;
        this.outcomeLabel = outcomeLabel;
    }

    get side() {
        const {kind, direction} = this.props.row;
        return kind === "call" || kind === "note" ? kind : direction;
    }

    get channel() {
        return wayLook(this.props.row.channel);
    }

    get channelTitle() {
        const {channel_name: name} = this.props.row;
        return name ? `${this.channel.label}: ${name}` : this.channel.label;
    }

    get state() {
        return this.props.row.direction === "out" && this.side === "out"
            ? stateLook(this.props.row.state)
            : null;
    }

    /** Whether its state needs a person's eye. */
    get isOpenQuestion() {
        return ["failed", "uncertain", "queued"].includes(this.props.row.state);
    }

    get reactions() {
        return Object.entries(this.props.row.reactions).filter(([, emoji]) => emoji);
    }

    /** What it is, when there are no words and no files to show. */
    get emptyLabel() {
        const {body, media, deleted, kind} = this.props.row;
        return body || media.length || deleted ? "" : kindLabel(kind);
    }

    get words() {
        return withPhones(this.props.row.body);
    }

    get quoted() {
        const {reply_to: quoted} = this.props.row;
        return quoted && (quoted.excerpt || kindLabel(quoted.kind));
    }

    isImage(file) {
        return Boolean(file.attachment_id) && /^image\/(?!svg)/.test(file.mime || "");
    }

    imageUrl(file) {
        return `/web/image/${file.attachment_id}`;
    }

    downloadUrl(file) {
        return `/web/content/${file.attachment_id}?download=true`;
    }

    fileName(file) {
        return file.name || kindLabel(file.kind);
    }
}
