import {useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {patch} from "@web/core/utils/patch";
import {NavBar} from "@web/webclient/navbar/navbar";

const MENU = "mini_crm.mini_crm_waiting_menu";

/** The menu of who waits says how many they are. */
patch(NavBar.prototype, {
    setup() {
        super.setup(...arguments);
        const waiting = useService("mini_crm.waiting_count");
        this.miniCrmWaiting = useState(waiting.state);
        waiting.start();
    },

    get currentAppSections() {
        const {count} = this.miniCrmWaiting;
        return super.currentAppSections.map((section) =>
            count && section.xmlid === MENU
                ? {...section, name: `${section.name} (${count})`}
                : section,
        );
    },
});
