from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, formatLang

from ...engine import scoring
from ..field.filled_sql import fillable

HINTS = 3  # suggestions shown
WHOLE_FROM = 100_000  # from here on cents say nothing


class ResPartner(models.Model):
    """Why a customer has his score, and what would raise it: for shopkeepers."""

    _inherit = "res.partner"

    def get_score_explanation(self):
        """The score of this customer, factor by factor, in plain words.

        For internal users who may read the customer. If time alone has moved the score
        since it was stored, it is stored anew, so that ring and explanation agree.

        :return: ``{score, stars, health (green, yellow, red or False: not enough data
            yet), health_label, stage, stage_label, stage_held_until (ISO date or
            False), parts: [{key, label, points, max,
            factors: [{key, label, points, max, fact}]}],
            hints: [{code, text, points}]}``; the points of the parts are whole numbers
            that add up to the score, those of factors have one decimal
        :rtype: dict
        """
        self.ensure_one()
        self._check_explained()
        # sudo: whoever may read the customer may know why he has his score
        profile = self.sudo().mini_crm_profile_id
        if not profile:
            return {}
        now = fields.Datetime.now()
        facts = profile._score_facts(now)
        settings = profile._explained_settings(now)
        result = scoring.score(facts, settings)
        if result.score != profile.crm_score or result.factors != profile.score_parts:
            profile._rescore(SQL("pr.id = %s", profile.id), now, quiet=True)
            profile._untold(profile.ids)
        return {
            "score": result.score,
            "stars": result.stars,
            **profile._explained_state(),
            "parts": self._explained_parts(profile, facts, settings, result),
            "hints": self._score_hints(profile, facts, settings),
        }

    def _check_explained(self):
        """:raises AccessError: when the user may not know about the score"""
        self.check_access("read")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("This is for the shop's own people."))

    def _explained_parts(self, profile, facts, settings, result):
        """The four factors with their parts: list of dict."""
        # sudo: names of factors are no secret
        factors = self.env["mini_crm.score.factor"].sudo().search([])
        labels = {factor.key: factor.name for factor in factors}
        told = {
            **self._talk_facts(facts),
            **self._purchase_facts(profile, facts),
            **self._detail_facts(facts, settings),
            **self._loyalty_facts(facts),
        }
        tenths = {
            factor: scoring.tenths(
                {f"{factor}.{n}": result.parts[f"{factor}.{n}"] for n in names},
                result.exact_factors[factor],
            )
            for factor, names in scoring.FACTORS.items()
        }
        return [
            {
                "key": factor,
                "label": labels[factor],
                "points": result.factors[factor],
                "max": round(sum(result.parts[f"{factor}.{n}"].most for n in names)),
                "factors": [
                    {
                        "key": key,
                        "label": labels[key],
                        "points": tenths[factor][key],
                        "max": round(result.parts[key].most, 1),
                        "fact": told[key],
                    }
                    for key in (f"{factor}.{name}" for name in names)
                ],
            }
            for factor, names in scoring.FACTORS.items()
        ]

    def _talk_facts(self, facts):
        """Plain facts of the engagement."""
        _ = self.env._
        talked = {
            0: _("No messages or calls yet"),
            1: _("One message or call"),
        }.get(facts.interactions, _("%s messages and calls", facts.interactions))
        answered = _("Answered %(n)s of %(all)s", n=facts.answered, all=facts.asked)
        if facts.contact_age is None:
            last = _("Never in contact")
        else:
            days = int(facts.contact_age)
            last = {
                0: _("Last contact within a day"),
                1: _("Last contact one day ago"),
            }.get(days, _("Last contact %s days ago", days))
        return {
            "engagement.interactions": talked,
            "engagement.response": answered if facts.asked else _("Not asked yet"),
            "engagement.recency": last,
        }

    def _purchase_facts(self, profile, facts):
        """Plain facts of the purchases."""
        _ = self.env._
        bought = {0: _("No purchases yet"), 1: _("One purchase")}
        currency = profile.currency_id or self.env.company.currency_id
        return {
            "purchases.count": bought.get(
                facts.purchases, _("%s purchases", facts.purchases)
            ),
            "purchases.spent": _("%s in all", self._money(facts.spent, currency)),
            "purchases.average": _(
                "%s on average", self._money(facts.average, currency)
            ),
        }

    def _money(self, amount, currency):
        """An amount as people read it, without cents that say nothing (str)."""
        rounded = currency.round(amount)
        whole = rounded.is_integer() or abs(rounded) >= WHOLE_FROM
        return formatLang(
            self.env,
            rounded,
            currency_obj=currency,
            rounding_unit="units" if whole else "decimals",
        )

    def _detail_facts(self, facts, settings):
        """Plain facts of the details."""
        _ = self.env._
        fields_set_up = settings.custom_fields
        return {
            "completeness.basic": _(
                "%(n)s of %(all)s details filled in",
                n=facts.basic_filled,
                all=len(scoring.BASIC_DETAILS),
            ),
            "completeness.custom": _(
                "%(n)s of %(all)s custom fields filled in",
                n=facts.custom_filled,
                all=fields_set_up,
            )
            if fields_set_up
            else _("No custom fields set up"),
        }

    def _loyalty_facts(self, facts):
        """Plain facts of the loyalty."""
        _ = self.env._
        days = int(facts.customer_age)
        since = {0: _("Customer since today"), 1: _("Customer for one day")}
        repeats = max(0, facts.purchases - 1)
        back = {0: _("Has not come back yet"), 1: _("Came back once")}
        return {
            "loyalty.since": since.get(days, _("Customer for %s days", days)),
            "loyalty.repeat": back.get(repeats, _("Came back %s times", repeats)),
        }

    def _score_hints(self, profile, facts, settings):
        """What would help most: list of {code, text, points}, best first."""
        texts = {
            "contact": self.env._("Write or call now"),
            "answer": self.env._("Get an answer to a message"),
            "purchase": self.env._("Win one more purchase"),
            "basic": self._missing_basic(profile),
            "custom": self._missing_custom(),
        }
        return [
            {"code": code, "text": texts[code], "points": max(1, round(points))}
            for code, points in scoring.gains(facts, settings)[:HINTS]
        ]

    def _missing_basic(self, profile):
        """What to do about the basic detail that is missing first."""
        missing = [
            (self.phone, self.env._("Ask for the phone number")),
            (self.email, self.env._("Ask for the e-mail address")),
            (self.city, self.env._("Ask for the city")),
            (self.source_id, self.env._("Note where this customer came from")),
            (profile.has_photo, self.env._("Add a photo")),
            (self.name, self.env._("Ask for the name")),
        ]
        return next((text for value, text in missing if not value), "")

    def _missing_custom(self):
        """What to do about the first custom field that is empty."""
        definitions = self.env["mini_crm.field"]
        for rule in fillable(definitions._rules().values()):
            if not self._custom_value(rule):
                return self.env._("Fill in: %s", definitions._label(rule.key))
        return ""
