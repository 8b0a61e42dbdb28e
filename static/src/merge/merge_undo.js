import {_t} from "@web/core/l10n/translation";

/**
 * Tell what the undo of a merge has come to, and show what is there now.
 *
 * @param {Object} env
 * @param {number} kept details that were left as they are, changed since
 */
export async function tellUndone(env, kept) {
    const {action, notification} = env.services;
    const text = kept
        ? _t("The merge is undone. Changed since and left as it is: %s.", kept)
        : _t("The merge is undone. Everything is as before.");
    notification.add(text, {type: kept ? "warning" : "success"});
    await action.doAction("soft_reload");
}
