"""Answers that fit, for questions of a test run."""

from datetime import timedelta

from ...engine.workflow import Answered

PHOTO = {"kind": "photo", "attachment_id": 0, "name": "photo.jpg", "mime": "image/jpeg"}


def sample(env, config, rule, partner, today):
    """An answer to a question, as the customer might give it.

    :param dict config: of the node
    :param rule: ``engine.field_rules.FieldRule`` of the field it is saved to, or
        ``None``
    :param partner: the customer
    :param datetime.date today: of the test run
    :rtype: Answered
    """
    kind = config.get("answer")
    if kind == "choice":
        return _choice(config, rule)
    if kind == "file":
        return Answered(kind="photo", media=(PHOTO,))
    if kind == "yes_no":
        return Answered(text=env._("Yes"), payload="yes")
    texts = {
        "number": lambda: _number(rule),
        "email": lambda: "sara@example.com",
        "phone": lambda: "+989121234567",
        "date": lambda: _day(rule, today).isoformat(),
        "datetime": lambda: f"{_day(rule, today + timedelta(days=1))} 10:00",
    }
    if kind in texts:
        return Answered(text=texts[kind]())
    return Answered(text=_text(env, config, rule, partner))


def _choice(config, rule):
    listed = config.get("choices") or []
    if listed:
        first = listed[0]
        return Answered(
            text=first["label"], payload=first.get("value") or first["label"]
        )
    options = [option for option in rule.options if option.active] if rule else []
    if not options:
        return Answered(text="?")
    first = options[0]
    return Answered(text=next(iter(first.names), first.code), payload=first.code)


def _number(rule):
    number = 3
    if rule and rule.minimum is not None:
        number = max(number, rule.minimum)
    if rule and rule.maximum is not None:
        number = min(number, rule.maximum)
    return f"{number:g}"


def _day(rule, day):
    if rule and rule.earliest:
        day = max(day, rule.earliest)
    if rule and rule.latest:
        day = min(day, rule.latest)
    return day


def _text(env, config, rule, partner):
    if config.get("save_to") == "name":
        return partner.name or env._("Sara Ahmadi")
    text = env._("I like it very much")
    return text[: rule.max_length] if rule and rule.max_length else text
