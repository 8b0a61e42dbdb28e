import {registry} from "@web/core/registry";
import {
    SelectionField,
    selectionField,
} from "@web/views/fields/selection/selection_field";

/** A choice as a badge in its color; archived choices stay where they were chosen. */
export class SelectField extends SelectionField {
    static template = "mini_crm.SelectField";
    static props = {
        ...SelectionField.props,
        colors: {type: Object},
        archived: {type: Array},
    };

    get options() {
        return super.options.filter(
            ([code]) => code === this.value || !this.props.archived.includes(code),
        );
    }

    get string() {
        const chosen = this.options.find(([code]) => code === this.value);
        return chosen ? chosen[1] : this.value || "";
    }

    get color() {
        return this.props.colors[this.value] || 0;
    }
}

registry.category("fields").add("mini_crm_select", {
    ...selectionField,
    component: SelectField,
    supportedTypes: ["selection"],
    extractProps(fieldInfo, dynamicInfo) {
        const {colors = {}, archived = []} = fieldInfo.options;
        return {
            ...selectionField.extractProps(fieldInfo, dynamicInfo),
            colors,
            archived,
        };
    },
});
