import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";

const SHOWN = 40;
const MODELS = {
    tag: {model: "res.partner.category", domain: []},
    segment: {model: "mini_crm.segment", domain: [["kind", "=", "static"]]},
    user: {model: "res.users", domain: [["share", "=", false]]},
};

/** One of a few, by a tap; more are found by typing. */
export class BulkPick extends Component {
    static template = "mini_crm.BulkPick";
    static props = {
        kind: {type: String, optional: true}, // tag, segment, user
        relation: {type: String, optional: true}, // else a model
        options: {type: Array, optional: true}, // else [[key, label]]
        value: {optional: true}, // id or key of what is chosen
        nobody: {type: String, optional: true}, // label of the choice of none
        make: {type: Boolean, optional: true}, // whether a typed name is an answer
        onPick: Function, // (id or key, name)
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({words: "", rows: [], more: false});
        this.search = useDebounced(() => this.load(), 200);
        onWillStart(() => this.load());
    }

    async load() {
        const words = this.state.words.trim();
        if (this.props.options) {
            const fitting = this.props.options.filter(([, label]) =>
                label.toLowerCase().includes(words.toLowerCase()),
            );
            this.state.rows = fitting.map(([id, label]) => ({id, label}));
            return;
        }
        const {model, domain} = MODELS[this.props.kind] || {
            model: this.props.relation,
            domain: [],
        };
        const found = await this.orm.call(model, "name_search", [], {
            name: words,
            domain,
            limit: SHOWN + 1,
        });
        this.state.more = found.length > SHOWN;
        this.state.rows = found.slice(0, SHOWN).map(([id, label]) => ({id, label}));
    }

    get searchLabel() {
        return this.props.make ? _t("Find one, or name a new one") : _t("Find");
    }

    get canSearch() {
        const {rows, words, more} = this.state;
        return Boolean(this.props.make || words || more || rows.length > 8);
    }

    /** The typed name, when it is none of those that are there. */
    get newName() {
        const words = this.state.words.trim();
        const known = this.state.rows.some(
            ({label}) => label.toLowerCase() === words.toLowerCase(),
        );
        return this.props.make && words && !known ? words : "";
    }

    get newLabel() {
        return _t("New: %s", this.newName);
    }

    /** Why there is nothing to be tapped, and what to do. */
    get emptyText() {
        const {kind} = this.props;
        if (this.state.words.trim()) {
            return _t("Nothing found. Try another word.");
        }
        if (kind === "segment") {
            return _t(
                "There is no segment that is picked by hand yet. Make one under Segments.",
            );
        }
        return kind === "tag" && this.props.make
            ? _t("There is no tag yet. Write the name of a new one.")
            : _t("There is nothing to choose from.");
    }

    write(ev) {
        this.state.words = ev.target.value;
        this.search();
    }
}
