import {
    Component,
    onWillDestroy,
    onWillStart,
    onWillUpdateProps,
    useState,
} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {useService} from "@web/core/utils/hooks";

const PAUSE = 250;

/**
 * Who fits a condition right now: its sentence, how many, five of them; or what is wrong
 * with it. Asked again a moment after the last change; an answer to an older question is
 * dropped. `onAnswer` gets each answer that counts.
 */
export class ConditionCount extends Component {
    static template = "mini_crm.ConditionCount";
    static props = {
        domain: String,
        samples: {type: Boolean, optional: true},
        onAnswer: {type: Function, optional: true},
    };
    static defaultProps = {samples: true};

    setup() {
        this.orm = useService("orm");
        this.asked = 0;
        this.state = useState({status: "loading", answer: null});
        onWillStart(() => {
            // Not waited for: the conditions show at once.
            this.ask(this.props.domain);
        });
        onWillUpdateProps((next) => {
            if (next.domain !== this.props.domain) {
                this.later(next.domain);
            }
        });
        onWillDestroy(() => {
            clearTimeout(this.timer);
            this.asked = null;
        });
    }

    get answer() {
        return this.state.answer;
    }

    /** Not where the condition is wrong, or counting took too long. */
    get isCounted() {
        return Number.isInteger(this.answer.count);
    }

    get countText() {
        const {count} = this.answer;
        return count === 1
            ? _t("One customer")
            : _t("%s customers", formatInteger(count));
    }

    get more() {
        const rest = this.answer.count - this.answer.sample.length;
        return rest > 0 ? _t("and %s more", formatInteger(rest)) : "";
    }

    later(domain) {
        clearTimeout(this.timer);
        this.state.status = "loading";
        this.timer = setTimeout(() => this.ask(domain), PAUSE);
    }

    async ask(domain) {
        const number = ++this.asked;
        let answer;
        try {
            answer = await this.orm.silent.call("mini_crm.condition", "count", [
                domain,
            ]);
        } catch (error) {
            if (number === this.asked) {
                this.state.status = "failed";
            }
            throw error;
        }
        // Both a newer question and a closed page make this answer nobody's.
        if (number === this.asked) {
            Object.assign(this.state, {answer, status: "ready"});
            this.props.onAnswer?.(answer);
        }
    }
}
