import {Component, onWillDestroy, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {formatInteger} from "@web/views/fields/formatters";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const PAUSE = 250;

/** What saving the rule would do: whom it tags, whom it untags, whom it leaves alone. */
export class TagPreview extends Component {
    static template = "mini_crm.TagPreview";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.asked = 0;
        this.state = useState({status: "loading", answer: null});
        useRecordObserver((record) => {
            // Not waited for: the form shows at once.
            this.later(this.question(record));
        });
        onWillDestroy(() => {
            clearTimeout(this.timer);
            this.asked = null;
        });
    }

    question(record) {
        const {domain, category_id: tag, active} = record.data;
        return JSON.stringify({
            ids: record.resId ? [record.resId] : [],
            domain: domain || "[]",
            tag: (tag && tag.id) || false,
            active,
        });
    }

    get isOff() {
        return this.props.record.data.active === false;
    }

    get sentence() {
        const {add, remove} = this.state.answer;
        const count = (number) => formatInteger(number);
        if (!add && !remove) {
            return _t("Nobody would be tagged or untagged.");
        }
        if (!remove) {
            return _t("Would tag %s.", count(add));
        }
        return add
            ? _t("Would tag %(add)s, untag %(remove)s.", {
                  add: count(add),
                  remove: count(remove),
              })
            : _t("Would untag %s.", count(remove));
    }

    get rest() {
        const {keep, by_hand: byHand, declined} = this.state.answer;
        return [
            keep && _t("%s keep it.", formatInteger(keep)),
            byHand &&
                _t("%s have it from a person: they keep it.", formatInteger(byHand)),
            declined &&
                _t(
                    "From %s a person took it off: they stay without.",
                    formatInteger(declined),
                ),
        ].filter(Boolean);
    }

    samples(change) {
        return this.state.answer.samples.filter((one) => one.change === change);
    }

    later(question) {
        if (question === this.last) {
            return;
        }
        const pause = this.last ? PAUSE : 0;
        this.last = question;
        clearTimeout(this.timer);
        this.state.status = "loading";
        this.timer = setTimeout(() => this.ask(question), pause);
    }

    async ask(question) {
        const number = ++this.asked;
        const {ids, domain, tag} = JSON.parse(question);
        let answer;
        try {
            answer = await this.orm.silent.call("mini_crm.tag.rule", "preview", [
                ids,
                domain,
                tag,
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
        }
    }
}

registry.category("view_widgets").add("mini_crm_tag_preview", {
    component: TagPreview,
});
