"""What the kinds of triggers and nodes, and their ways out, are called."""


def trigger_words(env):
    """Every kind of trigger: {kind: (label, what it does)}."""
    return {**_words_of_events(env), **_words_of_times(env)}


def _words_of_events(env):
    _ = env._
    return {
        "message_received": (
            _("A customer writes"),
            _("Any message, or one with certain words."),
        ),
        "customer_created": (_("A customer is new"), _("However he was added.")),
        "tag_added": (_("A tag is put on"), _("By a person or by a smart tag.")),
        "score_changed": (
            _("The score changes"),
            _("By a number of points, or past a mark."),
        ),
        "segment_entered": (
            _("A customer comes into a segment"),
            _("Because its condition begins to hold."),
        ),
        "segment_left": (
            _("A customer leaves a segment"),
            _("Because its condition no longer holds."),
        ),
        "field_updated": (
            _("A field changes"),
            _("One of those that you choose."),
        ),
        "task_completed": (
            _("A task is done"),
            _("A person has marked it as done."),
        ),
        "purchase_made": (_("A customer buys"), _("From an amount on, if you like.")),
    }


def _words_of_times(env):
    _ = env._
    return {
        "birthday": (
            _("A birthday comes"),
            _("On the day or some days before, in either calendar."),
        ),
        "inactive": (
            _("Nothing was heard for a while"),
            _("No message, call or purchase for a number of days."),
        ),
        "schedule": (
            _("At fixed times"),
            _("Every day, week or month, in the time of your company."),
        ),
        "by_hand": (
            _("Only by hand"),
            _("A person starts it for a customer."),
        ),
    }


def node_words(env):
    """Every kind of node: {kind: (label, what it does)}."""
    return {**_talking_words(env), **_acting_words(env)}


def _talking_words(env):
    _ = env._
    return {
        "send": (_("Send a message"), _("By the customer's channel or by e-mail.")),
        "ask": (
            _("Ask a question"),
            _("Waits for the answer, checks it and saves it."),
        ),
        "delay": (
            _("Wait"),
            _("For some time, until an hour, or until a date of the customer."),
        ),
        "condition": (
            _("Check a condition"),
            _("Goes on by one of two ways: yes or no."),
        ),
        "split": (
            _("Split by chance"),
            _("A part of the customers goes one way, the others another."),
        ),
    }


def _acting_words(env):
    _ = env._
    return {
        "set_field": (_("Change a field"), _("Writes a value into a field.")),
        "add_tag": (_("Put on a tag"), ""),
        "remove_tag": (_("Take off a tag"), ""),
        "add_to_segment": (
            _("Put into a segment"),
            _("As if a manager had put him in by hand."),
        ),
        "remove_from_segment": (
            _("Take out of a segment"),
            _("As if a manager had taken him out by hand."),
        ),
        "create_task": (
            _("Give somebody a task"),
            _("It shows with the customer and among that person's activities."),
        ),
        "hand_over": (
            _("Hand over to a person"),
            _("The conversation is marked as waiting for an answer."),
        ),
        "webhook": (
            _("Tell another program"),
            _("Sends a signed message to an address on the internet."),
        ),
    }


def group_words(env):
    """Groups of the palette, in their order: {name: label}."""
    _ = env._
    return {
        "message": _("Talk"),
        "wait": _("Wait"),
        "decide": _("Decide"),
        "change": _("Change"),
        "people": _("People"),
    }


def edge_words(env):
    """Ways out of a node: {name: label}."""
    _ = env._
    return {
        "next": _("Next"),
        "not_sent": _("Could not be sent"),
        "answered": _("Answered"),
        "invalid": _("Not a valid value"),
        "timeout": _("No answer in time"),
        "skipped": _("Skipped"),
        "stopped": _("Ended by the customer"),
        "taken_over": _("A person has answered"),
        "window_closed": _("May not be written to now"),
        "missing": _("Has no such date"),
        "yes": _("Yes"),
        "no": _("No"),
        "a": _("Way A"),
        "b": _("Way B"),
    }
