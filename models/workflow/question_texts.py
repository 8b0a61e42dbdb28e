"""What the shop's workflows say by themselves, in the customer's language.

Other texts are the shop's own. Codes are those of ``engine.workflow_answers`` and of
``engine.field_values``: fields tell them to colleagues, and these to customers.
"""

from ..field.field_messages import shown_details


def button_text(env, button):
    """The label of a button that has none of its own: yes, no, or share the number.

    :param dict button: see ``engine.workflow.Send``
    :rtype: str
    """
    if button.get("request_contact"):
        return env._("Share my number")
    return env._("Yes") if button.get("payload") == "yes" else env._("No")


def answer_text(env, code, details):
    """Why an answer cannot be taken, and how to write it.

    :param str code: see above; of others, that it could not be read
    :param details: what the sentence mentions: mapping
    :rtype: str
    """
    texts = answer_texts(env)
    known = code if code in texts else _family(code)
    try:
        return texts.get(known, texts["refused"]).format_map(
            shown_details(env, dict(details))
        )
    except KeyError:  # a detail that was not told
        return texts["refused"]


def _family(code):
    """The code that stands for all of its kind: ``phone_short`` is a ``phone``."""
    return code.split("_")[0]


def answer_texts(env):
    """Every code with its sentence; ``{name}`` stands for a detail: dict."""
    return {**_form_texts(env), **_value_texts(env)}


def _form_texts(env):
    return {
        "refused": env._("We could not read this answer. Please write it again."),
        "answer_empty": env._("Please answer in words."),
        "answer_text": env._("Please answer in words."),
        "answer_file": env._("Please send a photo or a file."),
        "contact_other": env._(
            "This is somebody else's number. Please share your own, or write it."
        ),
        "choice_unknown": env._("Please choose one of these: {labels}"),
        "choice_unclear": env._("Which of these do you mean: {labels}?"),
        "option_unknown": env._("Please choose one of these: {options}"),
        "option": env._("This can no longer be chosen. Please take another one."),
        "boolean": env._("Please answer yes or no."),
    }


def _value_texts(env):
    return {
        "email": env._(
            "This is not an e-mail address. Please write it like name@example.com."
        ),
        "email_several": env._("Please write one e-mail address only."),
        "phone": env._(
            "This is not a phone number. Please write all of its digits, with + and"
            " the country code if it is from abroad."
        ),
        "phone_home": env._("Please write the number with + and the country code."),
        "phone_several": env._("Please write one phone number only."),
        "date": env._(
            "This is not a date. Please write it like 2026-01-31 or 1404/11/11."
        ),
        "date_before": env._("The earliest day possible is {earliest}."),
        "date_after": env._("The latest day possible is {latest}."),
        "date_time": env._("Please write the day only, without the time."),
        "datetime_time": env._("Please write the day and the time, like 15:30."),
        "number": env._("This is not a number. Please write digits only, like 12."),
        "number_below": env._("The smallest number possible is {minimum}."),
        "number_above": env._("The largest number possible is {maximum}."),
        "text_short": env._("This is too short. Please write some more."),
        "text_long": env._(
            "This is too long. Please write at most {max_length} characters."
        ),
        "value_long": env._(
            "This is too long. Please write at most {limit} characters."
        ),
        "link": env._(
            "This is not a web address. Please write it like https://example.com."
        ),
    }
