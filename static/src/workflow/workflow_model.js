import {markRaw, reactive} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {RPCError} from "@web/core/network/rpc";
import {Mutex} from "@web/core/utils/concurrency";
import {omit} from "@web/core/utils/objects";
import {
    START,
    withMoved,
    withNode,
    withSettings,
    withTarget,
    withoutNode,
} from "./workflow_graph";
import {emptyHistory, recorded, stepped} from "./workflow_history";
import {blocksOf} from "./workflow_structure";

const PAUSE = 700; // milliseconds without a change before it is saved
const UNUSED = {name: "", label: "", help: "", settings: [], edges: []};

// What was copied: it can be put into another workflow, too.
let copied = null;

/**
 * State of the workflow editor: the definition, what can be undone, what is selected.
 *
 * Every change is saved by itself a moment later. When somebody else has saved in the
 * meantime, `conflict` holds what he has made, and nothing is saved before the user has
 * chosen; his own work stays on the screen.
 */
export class WorkflowModel {
    /**
     * @param {Object} orm service
     * @param {() => Promise<number | false>} ensureId saves the record if it is new
     */
    constructor(orm, ensureId) {
        this.orm = markRaw(orm);
        this.ensureId = markRaw(ensureId);
        this.mutex = markRaw(new Mutex());
        this.timer = null;
        this.data = null;
        this.definition = null;
        this.history = emptyHistory();
        this.selected = null;
        this.open = markRaw(new Set());
        this.numbers = {};
        this.status = "saved";
        this.conflict = null;
        this.error = "";
        return reactive(this);
    }

    async load(id) {
        const data = await this.orm.call("mini_crm.workflow", "get_editor_data", [
            id ? [id] : [],
        ]);
        const named = (kinds, value) =>
            markRaw(Object.fromEntries(kinds.map((kind) => [kind.name, value(kind)])));
        this.data = markRaw(data);
        this.definition = markRaw(data.definition);
        this.triggers = named(data.triggers, (kind) => kind);
        this.nodes = named(data.nodes, (kind) => kind);
        this.kinds = named(data.nodes, (kind) => ({
            edges: kind.edges.map(([edge]) => edge),
            decides: kind.group === "decide",
        }));
    }

    get mayEdit() {
        return this.data.may_edit;
    }

    get blocks() {
        return blocksOf(this.definition, this.kinds, this.open);
    }

    /** The trigger or a node of the definition. */
    nodeOf(id) {
        return id === START ? this.definition.trigger : this.definition.nodes[id];
    }

    /** What is known of the kind of a node; of one that nobody knows: nothing. */
    kindOf(id) {
        const kinds = id === START ? this.triggers : this.nodes;
        return kinds[this.nodeOf(id).kind] || UNUSED;
    }

    edgeLabel(id, edge) {
        return this.kindOf(id).edges?.find(([name]) => name === edge)?.[1] || "";
    }

    /** What keeps it from being published. */
    get errors() {
        return this.data.problems.filter(({warning}) => !warning);
    }

    problemsOf(id) {
        return this.data.problems.filter(({node}) => node === id);
    }

    usualEdge(kind) {
        return this.kinds[kind]?.edges[0] || "next";
    }

    // Changes

    change(definition, merge = "") {
        if (!this.mayEdit || definition === this.definition) {
            return;
        }
        this.history = recorded(this.history, this.definition, merge);
        this.show(definition);
    }

    show(definition) {
        this.definition = markRaw(definition);
        if (this.selected !== null && !this.nodeOf(this.selected)) {
            this.selected = null;
        }
        this.saveSoon();
    }

    step(direction) {
        const made = stepped(this.history, direction, this.definition);
        if (made && this.mayEdit) {
            this.history = made.history;
            this.show(made.definition);
        }
    }

    /** @returns {string} id of the new node, which is selected */
    add(place, node) {
        const made = withNode(this.definition, place, node, this.usualEdge(node.kind));
        this.change(made.definition);
        this.selected = made.id;
        return made.id;
    }

    remove(id) {
        if (id !== START && this.nodeOf(id)) {
            this.change(
                withoutNode(this.definition, id, this.usualEdge(this.nodeOf(id).kind)),
            );
        }
    }

    move(id, place) {
        const usual = this.usualEdge(this.nodeOf(id).kind);
        this.change(withMoved(this.definition, id, place, usual));
    }

    lead(place, target) {
        this.change(withTarget(this.definition, place, target));
    }

    set(id, name, value) {
        this.change(
            withSettings(this.definition, id, {[name]: value}),
            `${id}/${name}`,
        );
    }

    setTrigger(kind) {
        this.change({...this.definition, trigger: {kind}});
    }

    /** Something of the whole: audience, entry, bulk, leave. */
    setWhole(name, value) {
        this.change({...this.definition, [name]: value}, `whole/${name}`);
    }

    /** How many may start in an hour: of the workflow, whatever its version. */
    setMostPerHour(most) {
        return this.mutex.exec(async () => {
            const id = await this.ensureId();
            if (id) {
                await this.orm.write("mini_crm.workflow", [id], {
                    max_runs_per_hour: most,
                });
                this.learn({most_per_hour: most});
            }
        });
    }

    copy() {
        if (this.selected) {
            copied = JSON.stringify(omit(this.nodeOf(this.selected), "next"));
        }
    }

    /** Put what was copied behind the selected node. */
    paste() {
        if (copied && this.mayEdit) {
            const node = this.selected || START;
            const edge =
                node === START ? "next" : this.usualEdge(this.nodeOf(node).kind);
            this.add({node, edge}, JSON.parse(copied));
        }
    }

    toggle(id) {
        const open = new Set(this.open);
        if (!open.delete(id)) {
            open.add(id);
        }
        this.open = markRaw(open);
    }

    // Saving

    saveSoon() {
        this.status = "unsaved";
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.save(), PAUSE);
    }

    /** Save what is not saved yet, now. */
    save() {
        browser.clearTimeout(this.timer);
        return this.mutex.exec(async () => {
            if (this.status === "saved" || this.conflict) {
                return;
            }
            const {definition} = this;
            this.status = "saving";
            try {
                const id = await this.ensureId();
                if (!id) {
                    this.status = "unsaved";
                    return;
                }
                const answer = await this.orm.call(
                    "mini_crm.workflow",
                    "save_definition",
                    [[id], definition, this.data.revision],
                );
                this.took(answer, definition);
            } catch (error) {
                this.status = "unsaved";
                if (!(error instanceof RPCError)) {
                    throw error;
                }
                this.error = error.data?.message || error.message;
            }
        });
    }

    took(answer, definition) {
        if (!answer.saved) {
            this.status = "unsaved";
            this.conflict = markRaw(answer);
            return;
        }
        this.error = "";
        this.status = definition === this.definition ? "saved" : "unsaved";
        const {revision, unpublished, problems, sentences, names} = answer;
        this.learn({revision, unpublished, problems, sentences, names});
    }

    learn(news) {
        this.data = markRaw({...this.data, ...news});
    }

    /** Out of a conflict: keep what stands here, or take theirs; undo leads back. */
    settle(keepMine) {
        const {revision, definition} = this.conflict;
        this.learn({revision});
        this.conflict = null;
        if (keepMine) {
            return this.save();
        }
        this.change(definition);
        return this.save();
    }

    async loadNumbers(id) {
        const numbers = await this.orm.silent.call("mini_crm.workflow", "get_numbers", [
            [id],
        ]);
        this.numbers = markRaw(numbers);
    }
}
