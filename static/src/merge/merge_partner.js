import {Component, onMounted, useRef, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";

const MOST = 8;

/** Looks for the customer with whom another one is to be merged. */
export class MergePartner extends Component {
    static template = "mini_crm.MergePartner";
    static props = {partnerId: Number, onPick: Function};

    setup() {
        this.orm = useService("orm");
        this.state = useState({found: [], asked: false});
        this.input = useRef("input");
        this.search = useDebounced((text) => this.find(text), 200);
        onMounted(() => this.input.el.focus());
    }

    async find(text) {
        const term = text.trim();
        this.term = term;
        if (!term) {
            Object.assign(this.state, {found: [], asked: false});
            return;
        }
        const found = await this.orm.searchRead(
            "res.partner",
            [
                ["crm_search", "ilike", term],
                ["id", "!=", this.props.partnerId],
            ],
            ["display_name", "phone", "email"],
            {limit: MOST},
        );
        if (term === this.term) {
            Object.assign(this.state, {found, asked: true});
        }
    }

    lineOf(partner) {
        return [partner.phone, partner.email].filter(Boolean).join(" · ");
    }
}
