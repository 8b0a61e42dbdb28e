"""Why two customers look like one, in words."""


def reason_texts(env, reasons):
    """Reasons in the user's language, the weightiest first.

    :param reasons: lists of code, bits and, for codes of slots, the slot
    :return: list of ``{"code", "text", "speaks_for"}``; the last: for one person
    """
    texts = _texts(env)
    told = []
    for code, bits, *slot in reasons:
        text = texts.get(code)
        if text is None:
            continue  # of an older version
        if slot and slot[0]:
            text = _of_slot(env, code, slot[0])
        told.append({"code": code, "text": text, "speaks_for": bits > 0})
    return told


def _texts(env):
    """Words for each code of ``engine.duplicates``."""
    _ = env._
    return {
        "phone_same": _("same phone"),
        "phone_slip": _("phone but for one digit"),
        "phone_other": _("other phone"),
        "email_same": _("same e-mail"),
        "email_slip": _("e-mail but for one letter"),
        "email_host": _("same e-mail at another provider"),
        "email_other": _("other e-mail"),
        "handle_same": _("same user name"),
        "street_same": _("same street"),
        "street_slip": _("street nearly the same"),
        "street_other": _("other street"),
        "zip_same": _("same postcode"),
        "zip_slip": _("postcode but for one digit"),
        "zip_other": _("other postcode"),
        "city_same": _("same city"),
        "city_slip": _("city nearly the same"),
        "city_other": _("other city"),
        "name_same": _("same name"),
        "name_order": _("same name, other order"),
        "name_spacing": _("same name, other spacing"),
        "name_slip": _("name but for a letter"),
        "name_initial": _("name with an initial"),
        "name_part": _("part of the name"),
        "name_script": _("same name in other letters"),
        "name_family": _("only part of the name"),
        "name_other": _("other name"),
        "slot_same": "",
        "slot_slip": "",
        "slot_other": "",
    }


def _of_slot(env, code, slot):
    """Words for a reason that is about a field of the shop's own."""
    field = env["res.partner"].fields_get([slot], ["string"]).get(slot)
    label = field["string"] if field else slot
    if code == "slot_same":
        return env._("same %s", label)
    if code == "slot_slip":
        return env._("%s but for a slip", label)
    return env._("other %s", label)
