import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {session} from "@web/session";

/**
 * Above the customers, for managers: offers the example shop while there is nobody yet,
 * and to remove it while it is there. Both are undone by the other.
 */
export class ExampleBanner extends Component {
    static template = "mini_crm.ExampleBanner";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({shop: session.mini_crm_example || "", busy: false});
    }

    async load() {
        const count = await this.run("start_example", "present");
        this.notification.add(_t("%s example customers added.", count), {
            type: "success",
        });
    }

    async remove() {
        const {removed, kept} = await this.run("remove_example", "offered");
        const close = this.notification.add(
            kept
                ? _t(
                      "%(removed)s example customers removed; %(kept)s that you worked with stay.",
                      {removed, kept},
                  )
                : _t("The example customers are gone."),
            {
                type: "success",
                buttons: [
                    {
                        name: _t("Undo"),
                        primary: true,
                        onClick: () => {
                            close();
                            return this.load();
                        },
                    },
                ],
            },
        );
    }

    /** Call a method of the batch, remember what is there then, show the page anew. */
    async run(method, shop) {
        this.state.busy = true;
        try {
            const result = await this.orm.call("mini_crm.batch", method, []);
            session.mini_crm_example = shop;
            return result;
        } finally {
            this.state.busy = false;
            this.action.doAction("soft_reload");
        }
    }
}

registry
    .category("mini_crm_customer_banners")
    .add("example", {Component: ExampleBanner, sequence: 10});
