from odoo import api, models
from odoo.tools import SQL

from ...engine import duplicate_traits
from ...engine.duplicates import LEAST_SCORE, judge
from ...engine.people import ContactError, parse_email, parse_phone
from .reason_texts import reason_texts

MOST = 3  # customers that are named
LOOKED_AT = 200  # candidates that are judged
CROWDED = 1_000  # blocks of more customers are not looked into
LONGEST = 200  # letters of a value that are looked at
TYPED = ("name", "phone", "email", "street", "zip", "city")
SAME_NAME = ("name_same", "name_order", "name_spacing")


class MiniCrmDuplicate(models.Model):
    """The hint while somebody types a new customer."""

    _inherit = "mini_crm.duplicate"

    @api.model
    @api.readonly
    def look_alikes(self, values, partner_id=False):
        """Customers who look like one that is being typed (agents).

        The same name alone is named here, other than in the queue: whoever types sees
        at a glance whether it is the same.

        :param dict values: of name, phone, email, street, zip, city, what is known
        :param int | bool partner_id: the customer himself, if he is saved already
        :return: list of ``{id, name, phone, email, score, reasons}``, likeliest first
        :rtype: list[dict]
        :raises AccessError: for who is no agent
        """
        self.check_access("read")
        traits = self._typed_traits(values)
        keys = duplicate_traits.keys(traits)
        if not keys:
            return []
        found = []
        candidates = self._having(keys, partner_id or 0)
        words = {*traits.words, traits.city, traits.zip}
        figures = self.env["mini_crm.duplicate.word"]._figures(words)
        for other_id, text in candidates:
            told = judge(traits, duplicate_traits.unpacked(text), figures)
            by_name = any(reason.code in SAME_NAME for reason in told.reasons)
            if told.score >= max(LEAST_SCORE, self._threshold()) or by_name:
                found.append((told.bits, other_id, told))
        found.sort(key=lambda row: row[:2], reverse=True)
        return self._named(found)

    def _named(self, found):
        """The likeliest of (bits, id, Judgement) whom the user may see, for him."""
        partners = self.env["res.partner"].search([("id", "in", [r[1] for r in found])])
        named = [row for row in found if row[1] in set(partners.ids)][:MOST]
        return [
            {
                "id": partner.id,
                **{name: partner[name] for name in ("name", "phone", "email")},
                "score": judgement.score,
                "reasons": [
                    reason["text"]
                    for reason in reason_texts(self.env, judgement.reasons)
                    if reason["speaks_for"]
                ],
            }
            for _bits, partner_id, judgement in named
            for partner in partners.browse(partner_id)
        ]

    def _typed_traits(self, values):
        """What was typed, as traits; a number that is none yet is left out."""
        texts = {name: str(values.get(name) or "")[:LONGEST] for name in TYPED}
        region = self.env.company.country_id.code
        return duplicate_traits.read(
            name=texts["name"],
            phones=_parsed(lambda: parse_phone(texts["phone"], region)),
            emails=_parsed(lambda: parse_email(texts["email"])),
            **{name: texts[name] for name in ("street", "zip", "city")},
        )

    def _having(self, keys, partner_id):
        """(id, traits) of customers who are in one of these blocks."""
        with self.env["mini_crm.duplicate.trait"]._by_index():
            return self.env.execute_query(
                SQL(
                    """SELECT t.id, t.traits FROM mini_crm_duplicate_trait t
                    WHERE t.keys && ARRAY(
                        SELECT k FROM unnest(%s::int[]) AS k WHERE NOT EXISTS (
                            SELECT FROM mini_crm_duplicate_word w
                            WHERE w.kind = 'crowd' AND w.word = k::varchar
                            AND w.count > %s))
                    AND t.id <> %s
                    AND (t.company_id IS NULL OR t.company_id = ANY(%s)) LIMIT %s""",
                    keys,
                    CROWDED,
                    partner_id,
                    self.env.companies.ids,
                    LOOKED_AT,
                )
            )


def _parsed(parse):
    """Normal form of a phone or an e-mail, as a tuple of one; empty for neither."""
    try:
        return (parse()[1],)
    except ContactError:
        return ()
