import {Component, onWillDestroy, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const PAUSE = 250;

/**
 * What saving a rule would do: a sentence, some of the customers, what else there is to
 * say. Asked a moment after the last change; an answer to an older question is dropped.
 */
export class RulePreview extends Component {
    static template = "mini_crm.RulePreview";
    static props = {...standardWidgetProps};
    /** Model with a method `preview`. */
    static model = "";
    /** Names of the answer's two numbers: who gets in, who gets out. */
    static changes = [];

    setup() {
        this.orm = useService("orm");
        this.asked = 0;
        this.state = useState({status: "idle", answer: null});
        useRecordObserver((record) => {
            // Not waited for: the form shows at once.
            this.later(this.question(record));
        });
        onWillDestroy(() => {
            clearTimeout(this.timer);
            this.asked = null;
        });
    }

    /**
     * Arguments of `preview`, or null where there is nothing to ask; gets the record.
     *
     * @returns {Array | null}
     */
    question() {
        return null;
    }

    /** What is told where nothing was asked. */
    get idle() {
        return "";
    }

    get heading() {
        return "";
    }

    get changes() {
        return this.constructor.changes;
    }

    /** The two numbers of the answer. */
    get numbers() {
        return this.changes.map((change) => this.state.answer[change]);
    }

    /** Lines below the samples. */
    get rest() {
        return [];
    }

    samples(change) {
        return this.state.answer.samples.filter((one) => one.change === change);
    }

    later(question) {
        const text = JSON.stringify(question);
        if (text === this.last) {
            return;
        }
        const pause = this.last ? PAUSE : 0;
        this.last = text;
        clearTimeout(this.timer);
        // Whatever is under way answers an older question.
        this.asked++;
        if (question) {
            this.state.status = "loading";
            this.timer = setTimeout(() => this.ask(question), pause);
        } else {
            Object.assign(this.state, {status: "idle", answer: null});
        }
    }

    async ask(question) {
        const number = this.asked;
        let answer;
        try {
            const {model} = this.constructor;
            answer = await this.orm.silent.call(model, "preview", question);
        } catch (error) {
            if (number === this.asked) {
                this.state.status = "failed";
            }
            throw error;
        }
        // Both a newer question and a closed page make this answer nobody's.
        if (number === this.asked) {
            Object.assign(this.state, {answer, status: "ready"});
        }
    }
}
