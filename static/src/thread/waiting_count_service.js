import {reactive} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

const NOTICE = "mini_crm.conversation";
const AGENT = "mini_crm.mini_crm_group_agent";
// A busy shop gets several messages a second; each browser asks at most this often.
const PAUSE = 10_000; // ms

/** How many customers wait for an answer: `state.count`, which follows by itself. */
export const waitingCountService = {
    dependencies: ["bus_service", "orm"],
    start(env, {bus_service: bus, orm}) {
        const state = reactive({count: 0});
        let timer = null;
        let asked = 0;

        async function ask() {
            timer = null;
            asked = Date.now();
            const {all} = await orm.silent.call(
                "mini_crm.identity",
                "get_waiting_count",
                [],
            );
            state.count = all;
        }

        function askSoon() {
            if (!timer) {
                const wait = Math.max(0, asked + PAUSE - Date.now());
                timer = browser.setTimeout(ask, wait);
            }
        }

        let started = false;

        /** Begin to follow the number, once something shows it. */
        async function start() {
            if (!started && (await user.hasGroup(AGENT)) && !started) {
                started = true;
                bus.subscribe(NOTICE, askSoon);
                bus.start();
                askSoon();
            }
        }

        return {state, start};
    },
};

registry.category("services").add("mini_crm.waiting_count", waitingCountService);
