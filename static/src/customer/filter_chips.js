import {Component, useState} from "@odoo/owl";
import {useBus} from "@web/core/utils/hooks";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {FilterButton} from "./filter_panel/filter_button";

// Filters of the search view that are worth one tap, in this order.
const CHIPS = [
    {name: "health_red", tone: "danger"},
    {name: "health_yellow", tone: "warning"},
    {name: "health_green", tone: "success"},
    {name: "not_contacted_30", tone: "inactive"},
    {name: "new_7", tone: "info"},
    {name: "best", tone: "vip"},
];

/** The most useful filters as a row of chips: one tap on, one tap off. */
export class FilterChips extends Component {
    static template = "mini_crm.FilterChips";
    static props = {};

    setup() {
        this.state = useState({chips: this.readChips()});
        useBus(this.env.searchModel, "update", () => {
            this.state.chips = this.readChips();
        });
    }

    readChips() {
        const items = this.env.searchModel.getSearchItems(
            (item) => item.type === "filter",
        );
        return CHIPS.map((chip) => {
            const item = items.find(({name}) => name === chip.name);
            return (
                item && {
                    ...chip,
                    id: item.id,
                    label: item.description,
                    isActive: item.isActive,
                }
            );
        }).filter(Boolean);
    }

    toggle(chip) {
        this.env.searchModel.toggleSearchItem(chip.id);
    }
}

/** Control panel of the customers' list and cards: with the filters and the chips. */
export class CustomerControlPanel extends ControlPanel {
    static template = "mini_crm.CustomerControlPanel";
    static components = {...ControlPanel.components, FilterButton, FilterChips};
}
