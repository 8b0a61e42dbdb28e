def migrate(cr, version):
    """Say of the lines that are there already where they came from."""
    cr.execute(
        """UPDATE mini_crm_purchase SET source = CASE split_part(origin, ':', 1)
            WHEN 'import' THEN 'import' ELSE 'other' END
        WHERE source = 'manual' AND origin NOT LIKE 'manual:%'"""
    )
