def migrate(cr, version):
    """Give archived fields keys of their own: they need not have had any before."""
    cr.execute(
        """UPDATE mini_crm_field f SET key = left(f.key, 50) || '_' || f.id
        WHERE f.active IS NOT TRUE AND EXISTS (
            SELECT FROM mini_crm_field o WHERE o.key = f.key AND o.id <> f.id
                AND (o.active OR o.id < f.id))"""
    )
