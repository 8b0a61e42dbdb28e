from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...engine.score_settings import AMOUNTS, DEFAULTS, SettingProblem, merged
from ...engine.scoring import FACTORS, FULL_COUNTS, normal
from .mini_crm_score_factor import RECENCY
from .score_preview_sql import BARS, band_of_bar, compared

LOOKED_AT = 250_000  # customers of a preview; of more it takes every n-th
BANDS = ("green", "yellow", "red")


class MiniCrmScoreFactor(models.Model):
    """The settings of the score as a whole: looked at, tried out, changed at once."""

    _inherit = "mini_crm.score.factor"

    @api.model
    def describe(self):
        """What the screen of the score's settings shows. For administrators.

        :return: ``settings`` and ``defaults`` (see ``engine/score_settings.py``),
            ``factors`` (``[{key, name, parts: [{key, name}]}]``), ``currency`` (id),
            ``marks`` (``{spent, order}``: S and A that count now),
            ``custom_fields`` (how many count), ``previous``
            (``{date, author, settings}`` or False), ``run`` (see ``progress``)
        :rtype: dict
        """
        self._check_admin()
        records = self.search([])
        names = {factor.key: factor.name for factor in records}
        scoring = self.env["mini_crm.profile"]._score_settings(fields.Datetime.now())
        spent, order = scoring.full_marks[self.env.company.id]
        return {
            "settings": self._settings(),
            "defaults": DEFAULTS,
            "factors": [
                {
                    "key": key,
                    "name": names[key],
                    "parts": [
                        {"key": f"{key}.{part}", "name": names[f"{key}.{part}"]}
                        for part in parts
                    ],
                }
                for key, parts in FACTORS.items()
            ],
            "currency": self.env.company.currency_id.id,
            "marks": {"spent": spent, "order": order},
            "custom_fields": scoring.custom_fields,
            "previous": self._previous(),
            "run": self.progress(),
        }

    @api.model
    @api.readonly
    def preview(self, changes):
        """What other settings would make of the scores, without writing anything.

        Of the customers of the companies that the user has chosen. For administrators.

        :param dict changes: settings that change, see ``engine/score_settings.py``
        :return: ``{customers`` (looked at), ``all`` (there are), ``unknown`` (of those
            looked at, without enough data), ``moved`` (whose score changes), ``bars:
            {before, after}`` (10 counts each: 0 to 9, ..., 90 to 100), ``bands:
            {before, after}`` (counts by health), ``crossed`` (who change health),
            ``examples: [{id, name, before, after}]}``
        :rtype: dict
        :raises ValidationError: names the setting that cannot be
        """
        self._check_admin()
        profiles = self.env["mini_crm.profile"]
        now = fields.Datetime.now()
        before = profiles._score_settings(now)
        after = self._tried(before, self._merged(changes), now)
        condition = SQL(
            """pr.partner_active AND (pr.partner_company_id IS NULL
                OR pr.partner_company_id = ANY(%s))""",
            self.env.companies.ids,
        )
        self.env.cr.execute(
            SQL("SELECT count(*) FROM mini_crm_profile pr WHERE %s", condition)
        )
        (everybody,) = self.env.cr.fetchone()
        nth = -(-everybody // LOOKED_AT)
        if nth > 1:
            condition = SQL("%s AND pr.id %% %s = 0", condition, nth)
        profiles._prepare_bulk()
        self.env.cr.execute(compared(now, before, after, condition))
        return self._told(everybody, *self.env.cr.fetchone())

    @api.model
    def apply(self, changes):
        """Use other settings: all of them at once, then have everybody scored anew.

        What is not given stays as it is. The settings from before are kept. Whoever
        changes settings at the same moment is done before or after, never in between.
        For administrators.

        :param dict changes: settings that change, see ``engine/score_settings.py``
        :return: ``{before`` (settings), ``settings`` (now), ``previous``, ``run}``
        :rtype: dict
        :raises ValidationError: names the setting that cannot be
        """
        self._check_admin()
        # whoever changes settings writes this row first
        self.env.cr.execute(
            "UPDATE mini_crm_score_factor SET write_date = now()"
            " WHERE key = 'engagement'"
        )
        before = self._settings()
        after = self._merged(changes)
        if after != before:
            self._keep(before, after)
            self._write_settings(after)
            self.env["mini_crm.score.run"]._start("age")
        return {
            "before": before,
            "settings": self._settings(),
            "previous": self._previous(),
            "run": self.progress(),
        }

    @api.model
    def progress(self):
        """How far scoring everybody anew has come. For administrators.

        :return: ``{done, total}`` (customers); False when it is done
        """
        self._check_admin()
        # sudo: how far the work is, is no secret
        runs = self.env["mini_crm.score.run"].sudo()
        run = runs.search([("state", "=", "running"), ("kind", "=", "age")], limit=1)
        return bool(run) and {"done": run.done, "total": run.total}

    @api.model
    def _check_admin(self):
        """:raises AccessError: when the user may not change the settings"""
        self.check_access("write")

    @api.model
    def _settings(self):
        """The settings in use: see ``engine/score_settings.py``."""
        factors = {factor.key: factor for factor in self.search([])}
        company = self.env.company.sudo()  # sudo: its two amounts are no secret
        weights = {key: factors[key].weight for key in DEFAULTS["weights"]}
        return {
            "weights": {k: round(w, 9) for k, w in normal(weights).items()},
            "full_counts": {key: factors[key].full_marks for key in FULL_COUNTS},
            "half_life": factors[RECENCY].half_life_days,
            "full_spent": company.mini_crm_full_spent,
            "full_order": company.mini_crm_full_order,
        }

    @api.model
    def _merged(self, changes):
        """Settings after changes.

        :raises ValidationError: names the setting that cannot be
        """
        if not isinstance(changes, dict):
            raise ValidationError(self.env._("The settings are not in the known form."))
        try:
            return merged(self._settings(), changes)
        except SettingProblem as problem:
            raise ValidationError(self._problem_text(problem)) from problem

    @api.model
    def _problem_text(self, problem):
        """What is wrong with a setting, and how to mend it (str)."""
        _ = self.env._
        names = {factor.key: factor.name for factor in self.search([])}
        names |= {
            "half_life": names[RECENCY],
            "full_spent": names["purchases.spent"],
            "full_order": names["purchases.average"],
        }
        name = names.get(problem.key, problem.key)
        if problem.code == "zero":
            sisters = self.search([("parent_key", "=", problem.key or False)])
            return _(
                "All of %(names)s weigh 0. Give at least one of them a weight.",
                names=", ".join(sisters.mapped("name")),
            )
        if problem.code == "range":
            return _(
                "%(name)s: enter a number from %(least)s to %(most)s.",
                name=name,
                least=problem.least,
                most=f"{problem.most:g}",
            )
        if problem.code == "whole":
            return _("%s: enter a whole number.", name)
        if problem.code == "unknown":
            return _("The score has no setting %s.", problem.key)
        return _("%s: enter a number.", name)

    @api.model
    def _tried(self, scoring, settings, now):
        """Settings to be looked at, as the SQL of the score wants them.

        :param ScoreSettings scoring: those in use
        :param dict settings: see ``engine/score_settings.py``
        """
        company = self.env.company.id
        marks = dict(scoring.full_marks)
        marks[company] = tuple(settings[name] for name in AMOUNTS)
        profiles = self.env["mini_crm.profile"]
        if self._clears_amount(settings):
            own = profiles._own_full_marks(self.env.company)
            marks[company] = (own.spent, own.order) if own else marks[company]
        if not all(marks[company]):
            marks = profiles._with_default_marks(marks, now)
        return scoring._replace(
            weights=normal(settings["weights"]),
            full_counts=settings["full_counts"],
            half_life=settings["half_life"],
            full_marks=marks,
        )

    @api.model
    def _told(self, everybody, groups, examples, unknown, moved):
        """The answer of ``preview``."""
        bars = {"before": [0] * BARS, "after": [0] * BARS}
        bands = {side: dict.fromkeys(BANDS, 0) for side in bars}
        crossed = 0
        for group in groups or []:
            bars["before"][group["was"]] += group["n"]
            bars["after"][group["will"]] += group["n"]
            bands["before"][group["was_band"]] += group["n"]
            bands["after"][group["will_band"]] += group["n"]
            crossed += group["n"] if group["was_band"] != group["will_band"] else 0
        shown = self.env["res.partner"].browse([row["id"] for row in examples or []])
        names = {p.id: p.display_name for p in shown._filtered_access("read")}
        return {
            "customers": sum(bars["before"]) + unknown,
            "all": everybody,
            "unknown": unknown,
            "moved": moved,
            "bars": bars,
            "bar_bands": [band_of_bar(bar) for bar in range(BARS)],
            "bands": bands,
            "crossed": crossed,
            "examples": [
                {
                    "id": row["id"],
                    "name": names[row["id"]],
                    "before": row["was"],
                    "after": row["will"],
                }
                for row in examples or []
                if row["id"] in names
            ],
        }

    @api.model
    def _write_settings(self, settings):
        """Write settings that have been checked, where they differ."""
        weights, counts = settings["weights"], settings["full_counts"]
        factors = self.search([("key", "in", list(weights))])
        # those that weigh something first: at no moment do all sisters weigh 0
        for factor in factors.sorted(lambda factor: -weights[factor.key]):
            values = {"weight": weights[factor.key]}
            if factor.key in counts:
                values["full_marks"] = counts[factor.key]
            if factor.key == RECENCY:
                values["half_life_days"] = settings["half_life"]
            if any(factor[name] != value for name, value in values.items()):
                factor.write(values)
        self._write_amounts({name: settings[name] for name in AMOUNTS})

    @api.model
    def _write_amounts(self, amounts):
        """Write S and A; one that is taken away is chosen anew, and the other with it.

        Scoring is left to the caller.
        """
        cleared = self._clears_amount(amounts)
        # sudo: our administrator may set the two amounts, though no other of a company
        company = self.env.company.sudo()
        company.with_context(mini_crm_full_marks=("factors", 0)).write(
            {f"mini_crm_{name}": value for name, value in amounts.items()}
        )
        if cleared:
            company.mini_crm_full_marks_date = False
            self.env["mini_crm.profile"]._take_full_marks(company, "first")

    @api.model
    def _clears_amount(self, settings):
        """Whether settings take away an amount that is set."""
        in_use = self._settings()
        return any(in_use[name] and not settings[name] for name in AMOUNTS)
