import {Component} from "@odoo/owl";
import {formatCurrency} from "@web/core/currency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

// From here on cents say nothing: 140,177,142.86 Rial.
const WHOLE_FROM = 100_000;

/**
 * An amount with its currency, without cents that say nothing.
 *
 * @param {number} amount
 * @param {number | false} currencyId default: the currency of the user's company
 * @returns {string}
 */
export function formatMoney(amount, currencyId) {
    const whole = Number.isInteger(amount) || Math.abs(amount) >= WHOLE_FROM;
    return formatCurrency(amount, currencyId || user.activeCompany.currency_id, {
        digits: whole ? [69, 0] : undefined,
    });
}

/** An amount that is nobody's to edit; a dash instead of zero. */
export class MoneyField extends Component {
    static template = "mini_crm.MoneyField";
    static props = {
        ...standardFieldProps,
        currencyField: {type: String, optional: true},
    };

    get text() {
        const {record, name, currencyField} = this.props;
        const amount = record.data[name];
        const currency = currencyField && record.data[currencyField];
        return amount ? formatMoney(amount, currency && currency.id) : "–";
    }
}

registry.category("fields").add("mini_crm_money", {
    component: MoneyField,
    displayName: _t("Amount"),
    supportedTypes: ["float", "monetary"],
    isEmpty: () => false,
    extractProps: ({options}) => ({currencyField: options.currency_field}),
});
