"""What the log of workflows says of runs and their steps, in people's words."""

from .question_texts import answer_texts
from .workflow_words import node_words


def outcome_text(env, code):
    """How a run has ended, or empty.

    :param str code: ``outcome`` of ``mini_crm.workflow.run``
    :rtype: str
    """
    _ = env._
    return {
        "finished": _("It has gone through all of it."),
        "by_hand": _("A colleague has stopped it."),
        "opted_out": _("The customer wants no more messages."),
        "left": _("The customer no longer fits the condition."),
        "archived": _("The customer was archived."),
        "moved": _("The customer belongs to another company now."),
        "merged": _("The customer was merged with another one, who is in it as well."),
        "erased": _("The customer's data was erased."),
        "paused": _("The workflow was paused."),
        "too_many": _(
            "He did not enter: he has been in too many workflows within a day."
        ),
        "limit": _("It went round too often. Add a delay, or a way out."),
        "unknown_node": _(
            "Nobody knows what its step has to do. Publish the workflow again."
        ),
        "refused": _("A step could not be done."),
        "internal": _("Something went wrong. The server's log tells more."),
    }.get(code or "", "")


def reason_text(env, code):
    """Why a step was left as it was, or empty; a sentence stays one.

    :param str code: ``reason`` of ``mini_crm.workflow.step``: a code of the gate, of an
        answer, of a run, or what a failing step has said
    :rtype: str
    """
    if not code:
        return ""
    texts = {**env["mini_crm.message"]._reason_texts(), **_own_reasons(env)}
    if code in texts:
        return texts[code]
    if code in answer_texts(env) or code.split("_")[0] in answer_texts(env):
        return env._("The answer did not fit.")
    return outcome_text(env, code) or code


def _own_reasons(env):
    _ = env._
    return {
        "no_channel": _("There is no channel by which he can be written to."),
        "empty": _("The text would have been empty."),
        "no_question": _("The question was over already."),
        "no_date": _("The customer has no such date."),
        "passed": _("The date has passed."),
        "late_answer": _("The answer came after the time limit."),
        "exit_word": _("The customer has ended it by a word."),
        "skip_word": _("The customer has skipped the question by a word."),
        "refused": _("It was not accepted."),
        "task_for_manager": _(
            "A manager has the task: whom it was for does not work here any more."
        ),
        "task_type_gone": _("The type of the task is gone: it became a to-do."),
    }


def step_text(step):
    """What a step has said or heard, as people read it, or empty.

    :param step: one ``mini_crm.workflow.step``
    :rtype: str
    """
    data = step.data or {}
    env, parts = step.env, []
    if data.get("text"):
        parts.append(str(data["text"]))
    answer = data.get("answer")
    if isinstance(answer, dict) and answer.get("text"):
        parts.append(env._("Answer: %s", answer["text"]))
    saved = data.get("saved")
    if isinstance(saved, dict):
        parts.append(_saved_text(env, saved))
    return "\n".join(parts)


def _saved_text(env, saved):
    name = saved.get("field")
    look = env["mini_crm.field"]._looks().find(name)
    label = look.label if look else name
    if name in ("name", "email", "phone"):
        described = env["res.partner"].fields_get([name], ["string"])
        label = described[name]["string"]
    old, new = (
        "—" if saved.get(part) in (None, "") else saved[part] for part in ("old", "new")
    )
    return env._("%(field)s: %(old)s → %(new)s", field=label, old=old, new=new)


def act_text(env, run, command):
    """What an action would do to a customer, as people read it.

    :param run: one ``mini_crm.workflow.run``, which fills in the texts
    :param engine.workflow.Act command: what would be done
    :rtype: str
    """
    config = command.config
    if command.kind == "create_task":
        return run._text_of(config.get("summary"))
    if command.kind == "webhook":
        return config.get("url") or ""
    models = {"tag": "res.partner.category", "segment": "mini_crm.segment"}
    for name, model in models.items():
        if isinstance(config.get(name), int):
            return env[model].search([("id", "=", config[name])]).display_name or ""
    return run._text_of(config.get("note"))


def node_label(env, kind):
    """What a kind of node is called; of one that nobody knows, its code: str."""
    label, _help = node_words(env).get(kind, (kind, ""))
    return label
