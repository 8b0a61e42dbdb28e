import {rpcBus} from "@web/core/network/rpc";

const FRESH = 60_000; // ms
const MODELS = {
    tags: "res.partner.category",
    segments: "mini_crm.segment",
    sources: "utm.source",
    owners: "res.users",
};

let kept = null;
rpcBus.addEventListener("CLEAR-CACHES", () => {
    kept = null;
});

/**
 * What the panel offers; asked of the server at most once a minute.
 *
 * @param {Object} orm
 * @returns {Promise<Object>} see `res.partner.get_filter_panel`
 */
export function loadOffer(orm) {
    if (!kept || Date.now() - kept.at > FRESH) {
        const asked = {
            at: Date.now(),
            offer: orm.call("res.partner", "get_filter_panel"),
        };
        asked.offer.catch(() => {
            kept = null;
        });
        kept = asked;
    }
    return kept.offer;
}

/**
 * Names of the records that a state has chosen.
 *
 * @param {Object} orm
 * @param {Object} offer
 * @param {import("./filter_domain").FilterState} state
 * @returns {Promise<Object>} `{tags: {id: name}, segments, sources, owners}`
 */
export async function loadNames(orm, offer, state) {
    const names = {};
    const ask = async (kind) => {
        const chosen = state[kind]?.ids || state[kind] || [];
        names[kind] = Object.fromEntries(offer[kind].map(({id, name}) => [id, name]));
        const unknown = chosen.filter((id) => id && !names[kind][id]);
        if (unknown.length) {
            const records = await orm.searchRead(
                MODELS[kind],
                [["id", "in", unknown]],
                ["display_name"],
                {context: {active_test: false}},
            );
            for (const {id, display_name} of records) {
                names[kind][id] = display_name;
            }
        }
    };
    await Promise.all(Object.keys(MODELS).map(ask));
    return names;
}

/**
 * Records of a kind by their names.
 *
 * @param {Object} orm
 * @param {"tags" | "segments" | "sources" | "owners"} kind
 * @param {string} name
 * @returns {Promise<{id: number, name: string}[]>}
 */
export async function findRecords(orm, kind, name) {
    const found = await orm.call(MODELS[kind], "name_search", [], {
        name,
        domain: kind === "owners" ? [["share", "=", false]] : [],
        limit: 12,
    });
    return found.map(([id, label]) => ({id, name: label}));
}
