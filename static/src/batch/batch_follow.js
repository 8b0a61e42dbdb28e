import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";

const POLL_MS = 600;
const AT_WORK = ["checking", "running", "undoing"];

/**
 * Ask how far a batch is until it has ended.
 *
 * @param {Object} env
 * @param {number} batchId
 * @param {Function} [onProgress] gets the batch each time, see `progress()`
 * @returns {Promise<Object>} the batch as it has ended
 */
export async function followBatch(env, batchId, onProgress = () => {}) {
    for (;;) {
        let batch = null;
        try {
            batch = await env.services.orm.silent.call("mini_crm.batch", "progress", [
                [batchId],
            ]);
        } catch {
            // the connection is lost; the work goes on
        }
        if (batch) {
            onProgress(batch);
            if (!AT_WORK.includes(batch.state)) {
                return batch;
            }
        }
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
}

/** @returns {string} what a bulk change has come to */
function endText({state, counts}) {
    const changed = formatInteger(counts.updated);
    if (state === "cancelled") {
        return _t("Stopped. %s customers were changed before.", changed);
    }
    const leftOut = counts.skipped + counts.failed;
    return leftOut
        ? _t("%(changed)s customers changed, %(left)s left out.", {
              changed,
              left: formatInteger(leftOut),
          })
        : _t("%s customers changed.", changed);
}

/** @returns {string} what an undo has come to */
function undoneText({restored, kept}) {
    return kept
        ? _t("Undone for %(restored)s customers; %(kept)s were changed since.", {
              restored: formatInteger(restored),
              kept: formatInteger(kept),
          })
        : _t("Undone.");
}

/** Button of a toast: the rows that were left out, or kept. */
function rowsButton(env, batchId) {
    return {
        name: _t("See them"),
        onClick: async () => {
            const action = await env.services.orm.call(
                "mini_crm.batch",
                "action_open_rows",
                [[batchId]],
            );
            env.services.action.doAction(action);
        },
    };
}

/**
 * Tell how a bulk change has ended, and offer to undo it.
 *
 * @param {Object} env
 * @param {number} batchId
 * @param {Object} batch as it has ended
 * @param {Function} reload shows what is there now
 */
export function tellBatch(env, batchId, batch, reload) {
    const {notification, orm} = env.services;
    if (batch.state === "failed") {
        notification.add(batch.error, {title: _t("Stopped"), type: "danger"});
        return;
    }
    const buttons = [];
    let close = () => {};
    if (batch.can_undo && batch.counts.updated) {
        buttons.push({
            name: _t("Undo"),
            primary: true,
            onClick: async () => {
                close();
                await orm.call("mini_crm.batch", "undo", [[batchId]]);
                const ended = await followBatch(env, batchId);
                await reload();
                notification.add(undoneText(ended), {
                    type: ended.kept ? "warning" : "success",
                    buttons: ended.kept ? [rowsButton(env, batchId)] : [],
                });
            },
        });
    }
    if (batch.row_count) {
        buttons.push(rowsButton(env, batchId));
    }
    const sticky = buttons.length > 0;
    close = notification.add(endText(batch), {
        title: batch.name,
        type: batch.counts.updated ? "success" : "warning",
        className: "o_mini_crm_bulk_toast",
        autocloseDelay: sticky ? 15000 : 4000,
        buttons,
    });
}
