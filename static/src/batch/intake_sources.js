import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";

/** What becomes of each source that is brought in: counts and first examples. */
export class IntakeSources extends Component {
    static template = "mini_crm.IntakeSources";
    static props = {sources: Array, written: Boolean};

    facts({updated, unchanged, skipped, failed}) {
        const number = formatInteger;
        const facts = [
            this.props.written
                ? _t("%s set", number(updated))
                : _t("%s will be set", number(updated)),
        ];
        if (unchanged) {
            facts.push(_t("%s the same already", number(unchanged)));
        }
        if (skipped) {
            facts.push(_t("%s left as they are", number(skipped)));
        }
        if (failed) {
            facts.push(_t("%s do not fit", number(failed)));
        }
        return facts.join(" · ");
    }
}
