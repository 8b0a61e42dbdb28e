import {Component, useRef, useState} from "@odoo/owl";
import {ColorList} from "@web/core/colorlist/colorlist";
import {useSortable} from "@web/core/utils/sortable_owl";
import {putBehind} from "./form_place";

const COLORS = [...Array(12).keys()];

/** The choices of a field: add by Enter, colour, order, archive. */
export class BuilderOptions extends Component {
    static template = "mini_crm.BuilderOptions";
    static components = {ColorList};
    static props = {field: Object, model: Object};

    setup() {
        this.colors = COLORS;
        this.state = useState({archived: false});
        this.list = useRef("list");
        useSortable({
            ref: this.list,
            elements: ".o_mini_crm_builder_option",
            handle: ".o_mini_crm_builder_option_handle",
            cursor: "grabbing",
            onDrop: ({element, previous}) => {
                const behind = Number(previous?.dataset.id) || null;
                this.order(
                    putBehind(this.activeIds, Number(element.dataset.id), behind),
                );
            },
        });
    }

    get active() {
        return this.props.field.options.filter((option) => option.active);
    }

    get archived() {
        return this.props.field.options.filter((option) => !option.active);
    }

    get activeIds() {
        return this.active.map(({id}) => id);
    }

    order(ids) {
        const archived = this.archived.map(({id}) => id);
        const {model} = this.props;
        return model.apply({kind: "order", part: "option", ids: [...ids, ...archived]});
    }

    write(option, values) {
        return this.props.model.apply(
            {kind: "write", part: "option", id: option.id, values},
            `field-${this.props.field.id}`,
        );
    }

    rename(option, ev) {
        const name = ev.target.value.trim();
        if (!name) {
            ev.target.value = option.name;
        } else if (name !== option.name) {
            this.write(option, {name});
        }
    }

    async add(input) {
        const name = input.value.trim();
        if (!name) {
            return;
        }
        // At once: leaving the input meanwhile must not add it again.
        input.value = "";
        const {field, model} = this.props;
        const result = await model.apply({
            kind: "create",
            part: "option",
            field_id: field.id,
            // As many colours as there are, one after the other.
            values: {name, color: 1 + (field.options.length % (COLORS.length - 1))},
        });
        if (!result) {
            input.value = name;
        }
        input.focus();
    }

    onNewKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.add(ev.target);
        }
    }

    onKeydown(option, ev) {
        const step = {ArrowUp: -1, ArrowDown: 1}[ev.key];
        if (!step || !ev.altKey) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        const ids = this.activeIds;
        const index = ids.indexOf(option.id) + step;
        if (index >= 0 && index < ids.length) {
            ids.splice(index - step, 1);
            ids.splice(index, 0, option.id);
            this.order(ids);
        }
    }
}
