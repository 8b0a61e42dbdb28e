import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {usePopover} from "@web/core/popover/popover_hook";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {
    Many2ManyTagsField,
    many2ManyTagsField,
} from "@web/views/fields/many2many_tags/many2many_tags_field";

/** Whose a tag is, and how to make it one's own. */
export class TagOriginPopover extends Component {
    static template = "mini_crm.TagOriginPopover";
    static props = {
        origin: Object,
        keep: {type: Function, optional: true},
        close: Function,
    };
}

/** The tags of a customer; those that a rule put on say so when they are tapped. */
export class CustomerTagsField extends Many2ManyTagsField {
    setup() {
        super.setup();
        this.notification = useService("notification");
        this.originPopover = usePopover(TagOriginPopover, {position: "bottom"});
    }

    originOf(tagId) {
        return (this.props.record.data.tag_origins || {})[tagId];
    }

    getTagProps(record) {
        const props = super.getTagProps(record);
        const origin = this.originOf(record.resId);
        return origin
            ? {
                  ...props,
                  icon: "fa-magic",
                  title: origin.text,
                  onClick: (ev) => this.showOrigin(ev.currentTarget, record, origin),
              }
            : props;
    }

    showOrigin(target, record, origin) {
        const canKeep = !origin.by_hand && !this.props.readonly;
        this.originPopover.open(target, {
            origin,
            keep: canKeep ? () => this.keep(record) : undefined,
        });
    }

    /** A tag that a person wants, too, stays when the rule lets go. */
    async keep(record) {
        const {record: customer, name} = this.props;
        if (!(await customer.save())) {
            return;
        }
        await this.orm.write("res.partner", [customer.resId], {
            [name]: [[4, record.resId]],
        });
        await customer.load();
        this.notification.add(_t("The tag stays, whatever the rule says."), {
            type: "success",
        });
    }
}

registry.category("fields").add("mini_crm_customer_tags", {
    ...many2ManyTagsField,
    component: CustomerTagsField,
    displayName: _t("Tags and Whose They Are"),
    fieldDependencies: [{name: "tag_origins", type: "json", readonly: true}],
});
