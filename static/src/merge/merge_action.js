import {registry} from "@web/core/registry";
import {MergeDialog} from "./merge_dialog";

/**
 * The client action `mini_crm_merge`: opens the dialog over whatever is open.
 *
 * @param {Object} env
 * @param {Object} action with `params.partner_ids`: who are to be one customer; of one
 *     only, the dialog asks for the other
 */
function openMerge(env, action) {
    env.services.dialog.add(MergeDialog, {partnerIds: action.params.partner_ids});
}

registry.category("actions").add("mini_crm_merge", openMerge);
