"""What the settings of triggers and nodes are called, and what they mean."""


def setting_words(env):
    """Every setting: {name or "kind.name": (label, help)}; the longer name wins."""
    return {
        **_starting_words(env),
        **_asking_words(env),
        **_waiting_words(env),
        **_acting_words(env),
    }


def _starting_words(env):
    _ = env._
    return {
        "channels": (_("Channels"), _("None chosen: all of them.")),
        "words": (_("Words"), _("Separated by commas. None: any message.")),
        "match": (_("How the words are looked for"), ""),
        "tag": (_("Tag"), ""),
        "by": (_("Change in points"), _("At least so many, up or down.")),
        "crosses": (_("Mark"), _("The score passes this number.")),
        "direction": (_("Direction"), ""),
        "segment": (_("Segment"), ""),
        "field_updated.fields": (_("Fields"), ""),
        "activity_type": (_("Type of task"), ""),
        "at_least": (_("Smallest amount"), _("In your company's currency.")),
        "days_before": (_("Days before"), _("0: on the day itself.")),
        "at": (_("Time of day"), _("In the customer's time zone, where it is known.")),
        "inactive.days": (_("Days without contact"), ""),
        "every": (_("How often"), ""),
        "weekdays": (_("Days of the week"), ""),
        "day": (
            _("Day of the month"),
            _("In a shorter month it is the last day."),
        ),
        "birthday.at": (_("Time of day"), _("In the time zone of your company.")),
        "schedule.at": (_("Time of day"), _("In the time zone of your company.")),
    }


def _asking_words(env):
    _ = env._
    return {
        "text": (_("Text of the message"), ""),
        "ask.text": (_("Question"), ""),
        "channel": (_("Channel"), ""),
        "subject": (_("Subject"), _("Of an e-mail.")),
        "answer": (_("What is asked for"), _("Other answers are asked for again.")),
        "choices": (_("Choices"), _("Shown as buttons where the channel has them.")),
        "save_to": (
            _("Save the answer in"),
            _("Nothing chosen: it is known in this workflow only."),
        ),
        "attempts": (_("Attempts"), _("So often is it asked before giving up.")),
        "invalid_text": (
            _("Text after an answer that does not fit"),
            _("Empty: a text of ours says what is wrong."),
        ),
        "skip_words": (_("Words to skip the question"), _("Separated by commas.")),
        "exit_words": (_("Words to end the workflow"), _("Separated by commas.")),
        "wait": (_("Time to answer"), ""),
        "remind_after": (_("Remind after"), _("Empty: no reminder.")),
        "remind_text": (_("Text of the reminder"), _("Empty: the question again.")),
    }


def _waiting_words(env):
    _ = env._
    return {
        "delay.by": (_("Wait"), ""),
        "duration": (_("How long"), ""),
        "delay.weekdays": (
            _("Allowed days"),
            _("On other days it waits for the next one of these."),
        ),
        "date": (_("Date of the customer"), ""),
        "delay.days": (_("Days after it"), _("Below 0: days before it.")),
        "yearly": (_("Every year"), _("Day and month count, as with a birthday.")),
        "condition.match": (_("What has to hold"), ""),
        "domain": (_("Condition"), ""),
        "condition.words": (
            _("Words in the message"),
            _("Of the message that has started the workflow; separated by commas."),
        ),
        "answers": (_("Earlier answers"), _("The answer has to be exactly this.")),
        "share": (_("Way A, in percent"), ""),
    }


def _acting_words(env):
    _ = env._
    return {
        "field": (_("Field"), ""),
        "value": (_("New value"), _("Empty: the field is emptied.")),
        "summary": (_("What is to be done"), ""),
        "note": (_("Note"), ""),
        "create_task.days": (_("Due in days"), ""),
        "user": (_("Person"), _("Nobody chosen: whoever looks after the customer.")),
        "url": (_("Address"), _("Begins with https://.")),
        "webhook.fields": (_("Fields to send along"), ""),
    }


def option_words(env):
    """Options of choices: {setting or "kind.setting": {option: label}}."""
    _ = env._
    return {
        "match": {
            "word": _("As a word"),
            "whole": _("As the whole message"),
            "start": _("At the start"),
        },
        "condition.match": {"all": _("All of it"), "any": _("One is enough")},
        "direction": {"any": _("Up or down"), "up": _("Up"), "down": _("Down")},
        "every": {
            "day": _("Every day"),
            "week": _("Every week"),
            "month": _("Every month"),
        },
        "by": {
            "duration": _("For some time"),
            "clock": _("Until a time of day"),
            "date": _("Until a date of the customer"),
        },
        "channel": {
            "": _("Where the customer wrote last"),
            **channel_words(env),
        },
        "answer": _answer_words(env),
    }


def channel_words(env):
    """{type of channel: label}."""
    _ = env._
    return {
        "telegram": _("Telegram"),
        "instagram": _("Instagram"),
        "email": _("E-mail"),
    }


def _answer_words(env):
    _ = env._
    return {
        "text": _("Any text"),
        "number": _("A number"),
        "email": _("An e-mail address"),
        "phone": _("A phone number"),
        "date": _("A date"),
        "datetime": _("A date and time"),
        "yes_no": _("Yes or no"),
        "choice": _("One of several choices"),
        "file": _("A photo or file"),
    }
