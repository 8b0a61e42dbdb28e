import {Component} from "@odoo/owl";
import {imageUrl} from "@web/core/utils/urls";
import {colourIndex, initials} from "./initials";

/** Photo of a customer, or a coloured circle with initials; never a generated image. */
export class Avatar extends Component {
    static template = "mini_crm.Avatar";
    static props = {
        id: {type: [Number, Boolean], optional: true},
        name: {type: [String, Boolean], optional: true},
        hasPhoto: {type: Boolean, optional: true},
        src: {type: String, optional: true},
        unique: {type: [Object, String, Boolean], optional: true},
        large: {type: Boolean, optional: true},
    };

    get source() {
        const {id, hasPhoto, src, unique, large} = this.props;
        if (src) {
            return src;
        }
        if (!hasPhoto || !id) {
            return "";
        }
        return imageUrl("res.partner", id, large ? "avatar_256" : "avatar_128", {
            unique,
        });
    }

    get initials() {
        return initials(this.props.name);
    }

    get className() {
        const colour = colourIndex(this.props.id, this.props.name);
        const size = this.props.large ? "o_mini_crm_avatar_large" : "";
        return `o_mini_crm_avatar o_mini_crm_avatar_${colour} ${size}`;
    }
}
