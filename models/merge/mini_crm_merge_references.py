from odoo import api, models
from odoo.tools import ormcache

from . import references
from .images import TABLES
from .references import PARTNER


class MiniCrmMerge(models.AbstractModel):
    """What the registry tells of references: walked once, as long as it is the same.

    Foreign keys are not kept: they stand in the database, which others change too.
    """

    _inherit = "mini_crm.merge"

    @api.model
    @ormcache("model", "parent")
    def _document_references(self, model=PARTNER, parent="res_partner"):
        """See ``references.document_references``: tuple."""
        return tuple(references.document_references(self.env, model, parent))

    @api.model
    @ormcache()
    def _text_references(self):
        """See ``references.text_references``: tuple."""
        return tuple(references.text_references(self.env))

    @api.model
    @ormcache()
    def _transient_tables(self):
        """See ``references.transient_tables``: frozenset."""
        return frozenset(references.transient_tables(self.env))

    @api.model
    @ormcache()
    def _photographed(self):
        """Those of ``images.TABLES`` that are there: {name: whether it has ids}."""
        kinds = self.env.registry.models.values()
        stored = {kind._table for kind in kinds if kind._auto and not kind._abstract}
        links = {
            field.relation
            for kind in kinds
            for field in kind._fields.values()
            if field.type == "many2many" and field.store
        }
        return {t: t in stored for t in TABLES if t in stored or t in links}
