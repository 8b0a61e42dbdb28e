import {markRaw, reactive} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {RPCError, rpcBus} from "@web/core/network/rpc";
import {Mutex} from "@web/core/utils/concurrency";
import {
    emptyHistory,
    findPart,
    inverseOf,
    recorded,
    stepped,
    withId,
} from "./form_history";

const SAID = ["UserError", "ValidationError", "AccessError"].map(
    (name) => `odoo.exceptions.${name}`,
);

/**
 * State of the form builder: what the server knows, what can be undone, what is open.
 *
 * Every change is saved at once. One that is refused changes nothing; its message is kept
 * under the name of the part, such as "field-12", until the next change of that part.
 */
export class BuilderModel {
    constructor(orm) {
        this.orm = markRaw(orm);
        this.mutex = markRaw(new Mutex());
        this.data = null;
        this.history = emptyHistory();
        this.errors = {};
        this.draft = null;
        this.openId = null;
        this.section = false;
        this.announcement = "";
        // Counts the changes: the preview shows each.
        this.version = 0;
        return reactive(this);
    }

    async load() {
        this.data = await this.orm.call("mini_crm.field", "builder_state", []);
    }

    /**
     * Make a change, and remember how to take it back.
     *
     * @param {Object} operation see `builder_apply`
     * @param {string} [at] under which name a refusal is shown
     * @returns {Promise<Object | null>} what the server said; null: refused
     */
    apply(operation, at = this.nameOf(operation)) {
        return this.mutex.exec(async () => {
            const made = await this.make(operation, at);
            if (made) {
                this.history = recorded(this.history, made.inverse);
            }
            return made && made.result;
        });
    }

    /**
     * Take the last change back, or make it again.
     *
     * @param {"undo" | "redo"} direction
     * @returns {Promise<void>}
     */
    step(direction) {
        return this.mutex.exec(async () => {
            const operation = this.history[direction].at(-1);
            if (!operation) {
                return;
            }
            const made = await this.make(operation, "page");
            if (!made) {
                return;
            }
            this.history = stepped(this.history, direction, made.inverse);
            if (operation.was) {
                const {part, was} = operation;
                this.history = withId(this.history, part, was, made.result.id);
            }
            this.announcement = direction === "undo" ? _t("Undone.") : _t("Redone.");
        });
    }

    async make(operation, at) {
        const before = this.data;
        delete this.errors[at];
        delete this.errors.page;
        try {
            const result = await this.orm.call("mini_crm.field", "builder_apply", [
                operation,
            ]);
            // The views of customers have changed; this tab may hold them.
            rpcBus.trigger("CLEAR-CACHES", ["get_views", "fields_get"]);
            this.data = result.state;
            this.version += 1;
            if (!findPart(this.data, "section", this.section)) {
                // New fields went there; it is gone.
                this.section = false;
            }
            return {result, inverse: inverseOf(operation, before, result)};
        } catch (error) {
            if (!(error instanceof RPCError) || !SAID.includes(error.exceptionName)) {
                throw error;
            }
            this.errors[at] = error.data.message;
            this.announcement = error.data.message;
            return null;
        }
    }

    /** Name of the part that an operation is about: "field-12"; a new one: "draft". */
    nameOf({kind, part = "field", id, ids, field_id}) {
        if (kind === "create") {
            return field_id ? `field-${field_id}` : "draft";
        }
        if (part === "option") {
            const option = findPart(this.data, "option", id || ids[0]);
            return `field-${option.field_id}`;
        }
        return id ? `${part}-${id}` : "page";
    }

    write(part, id, values) {
        return this.apply({kind: "write", part, id, values});
    }

    get hasOwnFields() {
        return this.data.fields.some(({role}) => role !== "birthday");
    }
}
