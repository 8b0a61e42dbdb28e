import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatInteger} from "@web/views/fields/formatters";
import {RulePreview} from "../condition/rule_preview";

/** Who would come in and go out if the changed condition were saved. */
export class SegmentPreview extends RulePreview {
    static model = "mini_crm.segment";
    static changes = ["enter", "leave"];

    /** Only of a condition that is not saved: of a saved one nothing is to come. */
    question(record) {
        const {domain} = record.data;
        if (!record.dirty) {
            this.saved = domain;
        }
        return domain === this.saved ? null : [[record.resId], domain || "[]"];
    }

    get heading() {
        return _t("What saving does");
    }

    get sentence() {
        const [enter, leave] = this.numbers;
        const count = (number) => formatInteger(number);
        if (!enter && !leave) {
            return _t("Nobody would come in or go out.");
        }
        if (!leave) {
            return _t("Would add %s.", count(enter));
        }
        return enter
            ? _t("Would add %(enter)s, take out %(leave)s.", {
                  enter: count(enter),
                  leave: count(leave),
              })
            : _t("Would take out %s.", count(leave));
    }
}

registry.category("view_widgets").add("mini_crm_segment_preview", {
    component: SegmentPreview,
});
