import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatInteger} from "@web/views/fields/formatters";
import {RulePreview} from "../condition/rule_preview";

/** What saving the rule would do: whom it tags, whom it untags, whom it leaves alone. */
export class TagPreview extends RulePreview {
    static model = "mini_crm.tag.rule";
    static changes = ["add", "remove"];

    question(record) {
        const {domain, category_id: tag, active} = record.data;
        const ids = record.resId ? [record.resId] : [];
        return active === false
            ? null
            : [ids, domain || "[]", (tag && tag.id) || false];
    }

    get idle() {
        return _t("The rule is switched off: it tags nobody.");
    }

    get sentence() {
        const [add, remove] = this.numbers;
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
}

registry.category("view_widgets").add("mini_crm_tag_preview", {
    component: TagPreview,
});
