import {Component, onWillDestroy, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const PAUSE_MS = 400;
const FIELDS = ["name", "phone", "email", "street", "zip", "city"];

/** While a new customer is typed: who is in the book already and looks like him. */
export class LookAlikes extends Component {
    static template = "mini_crm.LookAlikes";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({found: []});
        useRecordObserver(({data}) => {
            const typed = JSON.stringify(FIELDS.map((name) => data[name]));
            if (typed !== this.typed) {
                this.typed = typed;
                clearTimeout(this.timer);
                this.timer = setTimeout(() => this.look(), PAUSE_MS);
            }
        });
        onWillDestroy(() => clearTimeout(this.timer));
    }

    async look() {
        const {data, resId} = this.props.record;
        const values = Object.fromEntries(
            FIELDS.filter((name) => data[name]).map((name) => [name, data[name]]),
        );
        if (resId || !Object.keys(values).length) {
            this.state.found = [];
            return;
        }
        try {
            this.state.found = await this.keepLast.add(
                this.orm.silent.call("mini_crm.duplicate", "look_alikes", [values]),
            );
        } catch {
            // a hint only: nobody is kept from typing on
            this.state.found = [];
        }
    }

    url({id}) {
        return `/odoo/crm-customers/${id}`;
    }
}

registry.category("view_widgets").add("mini_crm_look_alikes", {
    component: LookAlikes,
    fieldDependencies: FIELDS.map((name) => ({name, type: "char"})),
});
