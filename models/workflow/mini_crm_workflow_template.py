import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, file_open

from ...engine.send_gate import WINDOW
from ...engine.workflow_file import SOURCE, localised
from .workflow_setting_words import channel_words

FOLDER = "mini_crm/data/workflows"
# One file each, in the order of the gallery; docs/workflows.md says what is in it.
TEMPLATES = ("welcome", "qualify", "after_purchase", "birthday", "win_back", "vip")
# Who can be written to now, by what: bits of a customer.
BITS = {"telegram": 1, "instagram": 2, "email": 4}

_REACH = """
    SELECT bits, count(*) FROM (
        SELECT i.partner_id, bit_or(CASE c.type WHEN 'telegram' THEN 1
            WHEN 'instagram' THEN 2 ELSE 4 END) AS bits
        FROM mini_crm_identity i
        JOIN mini_crm_channel c ON c.id = i.channel_id AND c.active
        JOIN res_partner p ON p.id = i.partner_id
        WHERE i.company_id = %(company)s AND i.state = 'reachable' AND p.active
            AND (c.type = 'email' AND p.email_normalized IS NOT NULL
                    AND NOT %(blacklisted)s
                OR c.type = 'telegram' AND c.state = 'live'
                OR c.type = 'instagram' AND c.state = 'live'
                    AND i.window_opened_at > %(window)s)
            AND (p.company_id IS NULL OR p.company_id = %(company)s)
            AND %(customer)s
            AND NOT EXISTS (SELECT FROM mini_crm_consent o
                WHERE o.partner_id = i.partner_id AND o.channel = c.type
                    AND o.state = 'out')
        GROUP BY i.partner_id) reachable
    GROUP BY bits"""


def read_template(key):
    """The file of a template, as docs/workflows.md describes it: dict."""
    with file_open(f"{FOLDER}/{key}.json", filter_ext=(".json",)) as source:
        return json.load(source)


class MiniCrmWorkflow(models.Model):
    """What a new workflow can begin with."""

    _inherit = "mini_crm.workflow"

    @api.model
    @api.readonly
    def get_templates(self):
        """What ships to begin with, in the user's language (managers).

        :return: list of ``{"key", "icon", "name", "description", "channels"}``;
            ``channels`` are [type, label] of those of which it needs one, none: it
            writes to nobody
        :rtype: list[dict]
        """
        self.check_access("create")
        labels = channel_words(self.env)
        found = []
        for key in TEMPLATES:
            template = localised(read_template(key), self.env.lang or SOURCE)
            found.append(
                {
                    "key": key,
                    "icon": template["icon"],
                    "name": template["name"],
                    "description": template["description"],
                    "channels": [
                        [channel, labels[channel]] for channel in template["channels"]
                    ],
                }
            )
        return found

    @api.model
    @api.readonly
    def get_reach(self):
        """How many customers each template could write to now (managers).

        Instagram lets a shop write for 24 hours after a message only, and no bot can
        write first: who has never written is not counted.

        :return: {key of a template: number}; of those that write to somebody
        :rtype: dict
        """
        self.check_access("create")
        groups = self._reachable()
        reach = {}
        for key in TEMPLATES:
            mask = sum(BITS[channel] for channel in read_template(key)["channels"])
            if mask:
                reach[key] = sum(n for bits, n in groups.items() if bits & mask)
        return reach

    @api.model
    def _reachable(self):
        """Customers of the company by the channels that are open to them now.

        :return: {sum of ``BITS``: number of customers}
        :rtype: dict[int, int]
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                _REACH,
                company=self.env.company.id,
                window=fields.Datetime.now() - WINDOW + timedelta(seconds=1),
                # sudo: the blacklist is Odoo's administrators'
                blacklisted=self.env["mini_crm.consent"]
                .sudo()
                ._blacklisted_sql("email"),
                customer=self.env["res.partner"]._customer_filter("p"),
            )
        )
        return dict(rows)

    @api.model
    def create_from_template(self, key):
        """Make a draft of a template, in the user's language (managers).

        Tags that it puts on are made where they are missing.

        :param str key: of ``get_templates``
        :return: ``{"id", "missing": [what this shop lacks, in words]}``
        :rtype: dict
        """
        self.check_access("create")
        if key not in TEMPLATES:
            raise UserError(
                self.env._("There is no such template. Load the page again.")
            )
        template = read_template(key)
        lang = self.env.lang or SOURCE
        name = localised(template["name"], lang)
        # names of records stay in all languages: a tag may have been made in another
        definition = template["definition"]
        return self._draft_of(
            name, definition, make_tags=True, lang=lang, template_key=key
        )
