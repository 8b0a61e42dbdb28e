import {rpcBus} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";

const MODELS = [
    "mini_crm.field",
    "mini_crm.field.section",
    "mini_crm.field.option",
    "mini_crm.industry",
];
// What only looks: everything else may change the definitions.
const READS =
    /^(web_)?(read|search|name_|get_|fields_|formatted_)|^(default_get|onchange|usages|slots|builder_state|builder_try)$/;

/** Forget what the browser keeps of views and fields: it shows old labels. */
function forgetViews() {
    rpcBus.trigger("CLEAR-CACHES", ["get_views", "fields_get"]);
}

/**
 * Labels of custom fields are new the moment they change: in the tab that changed them
 * and, told by the server, in every other one.
 */
export const definitionsCacheService = {
    dependencies: ["bus_service"],
    start(env, {bus_service: bus}) {
        rpcBus.addEventListener("RPC:RESPONSE", ({detail}) => {
            const {model, method} = detail.data.params || {};
            if (MODELS.includes(model) && !READS.test(method)) {
                forgetViews();
            }
        });
        bus.subscribe("mini_crm.definitions", forgetViews);
    },
};

registry
    .category("services")
    .add("mini_crm_definitions_cache", definitionsCacheService);
