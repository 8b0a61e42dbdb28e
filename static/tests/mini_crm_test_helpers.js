import {mailModels} from "@mail/../tests/mail_test_helpers";
import {defineModels, fields, onRpc} from "@web/../tests/web_test_helpers";

class ResPartner extends mailModels.ResPartner {
    crm_score = fields.Integer();
    crm_health = fields.Selection({
        selection: [
            ["green", "Healthy"],
            ["yellow", "Moderate"],
            ["red", "At risk"],
        ],
    });
    journey_stage = fields.Selection({
        selection: [
            ["awareness", "Awareness"],
            ["consideration", "Consideration"],
            ["purchase", "Purchase"],
            ["retention", "Retention"],
            ["advocacy", "Advocacy"],
        ],
    });
    journey_hold_until = fields.Date();
    stage_since = fields.Datetime();
    health_advice = fields.Json();
    chat_identities = fields.Json();
    last_contacted_at = fields.Datetime();
    total_spent = fields.Float();
    has_photo = fields.Boolean();

    _records = [
        ...mailModels.ResPartner.prototype.constructor._records,
        {
            id: 100,
            name: "Sara Ahmadi",
            phone: "+98 912 000 0000",
            email: "sara@example.com",
            city: "Shiraz",
            crm_score: 58,
            crm_health: "yellow",
            journey_stage: "retention",
        },
        {id: 101, name: "رضا کریمی", crm_score: 12, journey_stage: "awareness"},
    ];
}

/** The models of Odoo's mail, and contacts with the fields that our views show. */
export function defineMiniCrmModels() {
    defineModels({...mailModels, ResPartner});
    onRpc("has_group", () => true);
    onRpc("res.partner", "get_score_history", () => ({}));
}

/**
 * Events as `get_timeline` gives them, one an hour back from noon of 2026-01-31 (UTC).
 *
 * @param {number} count
 * @param {number} [firstId] the newest; the others count down from it
 * @returns {Object[]}
 */
export function makeEvents(count, firstId = 1000) {
    return Array.from({length: count}, (_, index) => ({
        id: firstId - index,
        type: index % 2 ? "message_sent" : "message_received",
        label: index % 2 ? "Message sent" : "Message received",
        date: new Date(Date.UTC(2026, 0, 31, 12 - index)).toISOString(),
        author: "",
        summary: `Words ${firstId - index}`,
        amount: null,
        currency: null,
        data: {},
    }));
}
