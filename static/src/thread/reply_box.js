import {
    Component,
    onMounted,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useFileUploader} from "@web/core/utils/files";
import {useService} from "@web/core/utils/hooks";
import {takeReplyWish, useReplyWishes} from "../shared/open_conversations";
import {attemptAt, keepDraft, readDraft} from "./drafts";
import {QuickReplies} from "./quick_replies";
import {channelLook} from "../shared/channel_looks";
import {kindLabel, lengthHint, stillMissing} from "./thread_text";

const MOST_FILES = 10;
const TALLEST = 220; // px of the box where one writes

/** The box to answer: which channel, what, with which files. */
export class ReplyBox extends Component {
    static template = "mini_crm.ReplyBox";
    static components = {QuickReplies};
    static props = {
        customerId: Number,
        options: Array,
        preferred: {type: [String, {value: null}], optional: true},
        quoted: {type: [Object, {value: null}], optional: true},
        onUnquote: Function,
        onSend: Function,
        onCall: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.upload = useFileUploader();
        this.textRef = useRef("text");
        this.filesRef = useRef("files");
        this.channelLook = channelLook;
        this.state = useState({
            ...readDraft(this.props.customerId),
            replies: null,
            listShown: false,
            uploading: 0,
            dragging: false,
        });
        useReplyWishes(this.env, () => this.focusIfWished());
        onMounted(() => this.focusIfWished());
        onWillUnmount(() => this.keep());
        useEffect(
            () => this.fitHeight(),
            () => [this.state.text],
        );
        useEffect(
            (quoted) => {
                if (quoted) {
                    this.textRef.el?.focus();
                }
            },
            () => [this.props.quoted],
        );
    }

    // Which channel

    get option() {
        const {options, quoted, preferred} = this.props;
        const find = (key) => options.find((option) => option.key === key);
        // an answer to a message goes where the message came from
        const origin = quoted && find(`identity:${quoted.identity_id}`);
        return origin || find(this.state.key) || find(preferred) || options[0];
    }

    get canWrite() {
        return this.option.allowed && this.option.channel !== "phone";
    }

    choose(option, event) {
        if (option.channel === "phone") {
            this.props.onCall(event);
            return;
        }
        this.state.key = option.key;
        this.textRef.el?.focus();
    }

    // What

    get hint() {
        return lengthHint(this.state.text.trim(), this.option.limit);
    }

    get missing() {
        return stillMissing(this.state.text, this.state.missing);
    }

    get quotedText() {
        const {quoted} = this.props;
        return quoted ? quoted.body || kindLabel(quoted.kind) : "";
    }

    get canSend() {
        const {text, files, uploading} = this.state;
        return (
            this.canWrite &&
            !uploading &&
            !this.missing.length &&
            Boolean(text.trim() || files.length)
        );
    }

    focusIfWished() {
        if (this.textRef.el && takeReplyWish(this.props.customerId)) {
            this.textRef.el.scrollIntoView({block: "center"});
            this.textRef.el.focus();
        }
    }

    fitHeight() {
        const box = this.textRef.el;
        if (box) {
            box.style.blockSize = "auto";
            box.style.blockSize = `${Math.min(TALLEST, box.scrollHeight + 2)}px`;
        }
    }

    keep() {
        const {text, key, files, missing, attempt} = this.state;
        const draft = {text, key, files: [...files], missing: [...missing], attempt};
        keepDraft(this.props.customerId, draft);
    }

    onInput(event) {
        if (event.target.value.startsWith("/") && !this.state.replies) {
            this.loadReplies();
        }
    }

    onKeydown(event) {
        const sends = event.ctrlKey || event.metaKey;
        if (event.key === "Enter" && sends && !event.isComposing) {
            event.preventDefault();
            this.send();
        }
    }

    async send() {
        if (!this.canSend) {
            return;
        }
        const {option} = this;
        const {quoted} = this.props;
        const draft = {body: this.state.text.trim(), files: [...this.state.files]};
        const answer = {...draft, option: option.key, quoted};
        const attempt = attemptAt(this.state.attempt, answer);
        const before = {text: this.state.text, missing: this.state.missing, attempt};
        Object.assign(this.state, {text: "", files: [], missing: [], attempt: null});
        this.textRef.el?.focus();
        const sent = await this.props.onSend(option, {...draft, key: attempt.key});
        if (!sent) {
            const text = [before.text, this.state.text].filter(Boolean).join("\n");
            Object.assign(this.state, {...before, text, files: draft.files});
        }
        this.keep();
    }

    // Quick replies

    async loadReplies() {
        this.state.replies = await this.orm.call("res.partner", "get_quick_replies", [
            [this.props.customerId],
        ]);
    }

    async toggleReplies() {
        this.state.listShown = !this.state.listShown;
        if (this.state.listShown) {
            await this.loadReplies();
        }
    }

    useReply(reply) {
        const {text} = this.state;
        const kept = text.startsWith("/") || !text.trim() ? "" : `${text.trimEnd()}\n`;
        Object.assign(this.state, {
            text: kept + reply.body,
            missing: [...this.state.missing, ...reply.missing],
            listShown: false,
        });
        this.textRef.el?.focus();
    }

    // Files

    async addFiles(list) {
        const files = [...list];
        if (this.state.files.length + files.length > MOST_FILES) {
            this.notification.add(_t("At most %s files at once.", MOST_FILES), {
                type: "warning",
            });
            return;
        }
        this.state.uploading++;
        try {
            const added = await this.upload("/web/binary/upload_attachment", {
                csrf_token: odoo.csrf_token,
                ufile: files,
                model: "mail.compose.message",
                id: 0,
            });
            for (const file of added || []) {
                this.state.files.push({
                    id: file.id,
                    name: file.filename,
                    mimetype: file.mimetype,
                    size: file.size,
                });
            }
        } finally {
            this.state.uploading--;
        }
    }

    async onFilesChosen(event) {
        await this.addFiles(event.target.files);
        event.target.value = "";
    }

    onPaste(event) {
        const {files} = event.clipboardData;
        if (files.length && this.option.attachments) {
            event.preventDefault();
            this.addFiles(files);
        }
    }

    onDrop(event) {
        this.state.dragging = false;
        const {files} = event.dataTransfer;
        if (files.length && this.option.attachments) {
            this.addFiles(files);
        }
    }

    removeFile(file) {
        this.state.files = this.state.files.filter((other) => other.id !== file.id);
    }
}
