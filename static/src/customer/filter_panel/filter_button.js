import {Component, onWillUnmount, useRef, useState} from "@odoo/owl";
import {useBus, useService} from "@web/core/utils/hooks";
import {FilterPanel, FilterSide} from "./filter_panel";

/** Opens the filter panel: beside the list on a desk, from below on a phone. */
export class FilterButton extends Component {
    static template = "mini_crm.FilterButton";
    static props = {};

    setup() {
        this.overlay = useService("overlay");
        this.sheet = useService("bottom_sheet");
        this.button = useRef("button");
        this.state = useState({open: false, applied: this.readApplied()});
        useBus(this.env.searchModel, "update", () => {
            this.state.applied = this.readApplied();
        });
        onWillUnmount(() => this.close());
    }

    /** How many kinds of filters the panel has applied. */
    readApplied() {
        return this.env.searchModel.panelItem?.phrases.length || 0;
    }

    toggle() {
        if (this.state.open) {
            this.close();
        } else {
            this.open();
        }
    }

    open() {
        const props = {
            searchModel: this.env.searchModel,
            close: () => this.close(),
        };
        const onRemove = () => this.onClosed();
        this.remove = this.env.isSmall
            ? this.sheet.add(this.button.el, FilterPanel, props, {
                  class: "o_mini_crm_filter_sheet",
                  onClose: onRemove,
              })
            : this.overlay.add(FilterSide, props, {onRemove});
        this.state.open = true;
    }

    close() {
        this.remove?.();
    }

    onClosed() {
        this.remove = null;
        this.state.open = false;
        this.button.el?.focus();
    }
}
