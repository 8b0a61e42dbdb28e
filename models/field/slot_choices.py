"""Selection slots take their choices from the definition that uses them."""


def choices(slot):
    """The ``selection`` of a select slot: a function as ``fields.Selection`` takes.

    What is stored is the stable code of ``mini_crm.field.option``.
    """
    return lambda model: model.env["mini_crm.field"]._choices(slot)
