import {reactive} from "@odoo/owl";
import {withFresh} from "./thread_text";

const PAGE = 50;
const MOST_AT_ONCE = 200;

/** What the Communication tab knows of one customer's conversation. */
export class ConversationModel {
    /**
     * @param {Object} orm service
     * @param {number} customerId
     */
    constructor(orm, customerId) {
        this.orm = orm;
        this.customerId = customerId;
        this.turn = 0;
        this.state = reactive({
            status: "loading",
            // newest first
            rows: [],
            // what is being sent, oldest first
            pending: [],
            next: null,
            loadingMore: false,
            search: "",
            options: null,
        });
    }

    call(method, args = [], kwargs = {}) {
        return this.orm.silent.call(
            "res.partner",
            method,
            [[this.customerId], ...args],
            kwargs,
        );
    }

    page(cursor, limit) {
        const search = this.state.search || null;
        return this.call("get_conversation", [], {cursor, limit, search});
    }

    /** Read the first page and what can be answered. */
    async load() {
        Object.assign(this.state, {status: "loading", rows: [], next: null});
        await this.read(PAGE);
    }

    async search(text) {
        if (text !== this.state.search) {
            this.state.search = text;
            await this.load();
        }
    }

    /** Read again what is shown, as it is now; several wishes at once are one. */
    async refresh() {
        if (this.refreshing) {
            this.again = true;
            return;
        }
        this.refreshing = true;
        try {
            do {
                this.again = false;
                await this.read(
                    Math.min(MOST_AT_ONCE, Math.max(PAGE, this.state.rows.length)),
                );
            } while (this.again);
        } finally {
            this.refreshing = false;
        }
    }

    async read(limit) {
        const turn = ++this.turn;
        let page;
        let options;
        try {
            [page, options] = await Promise.all([
                this.page(null, limit),
                this.call("get_reply_options"),
            ]);
        } catch {
            if (turn === this.turn && !this.state.rows.length) {
                this.state.status = "error";
            }
            return;
        }
        if (turn !== this.turn) {
            return;
        }
        const rows = withFresh(this.state.rows, page.rows);
        const grown = rows && rows.length > page.rows.length;
        Object.assign(this.state, {
            status: "ready",
            rows: grown ? rows : page.rows,
            next: grown ? this.state.next : page.next,
            options,
        });
    }

    /** Read the page before the oldest row. */
    async loadMore() {
        const {next} = this.state;
        if (this.state.loadingMore || !next) {
            return;
        }
        this.state.loadingMore = true;
        try {
            const page = await this.page([...next], PAGE);
            // a reload meanwhile may have begun anew
            if (this.state.next && String(this.state.next) === String(next)) {
                this.state.rows.push(...page.rows);
                this.state.next = page.next;
            }
        } finally {
            this.state.loadingMore = false;
        }
    }

    /**
     * Send an answer; its bubble is there at once.
     *
     * @param {Object} option of `get_reply_options`
     * @param {{body: string, files: Object[], quoted: Object | null, key: string}} draft
     *     `key`: the same again gives the same messages
     * @throws what the server says; the bubble is gone then
     */
    async send(option, {body, files, quoted, key}) {
        this.state.pending.push(pendingRow(key, option, body, files));
        try {
            const rows = await this.call("send_reply", [option.identity_id, body], {
                attachment_ids: files.map((file) => file.id),
                reply_to: quoted ? quoted.id : null,
                key,
            });
            const known = new Set(this.state.rows.map((row) => row.key));
            const added = rows.filter((row) => !known.has(row.key)).reverse();
            this.state.rows.unshift(...added);
        } finally {
            this.state.pending = this.state.pending.filter((row) => row.key !== key);
        }
        await this.refresh();
    }
}

function pendingRow(key, option, body, files) {
    return {
        key,
        source: "pending",
        kind: "text",
        channel: option.channel,
        channel_name: option.channel_name,
        direction: "out",
        author: "",
        subject: "",
        body,
        state: "sending",
        reason: "",
        detail: "",
        media: files.map(({name, mimetype, size}) => ({name, mime: mimetype, size})),
        buttons: [],
        reactions: {},
        reply_to: null,
        date: new Date().toISOString(),
    };
}
