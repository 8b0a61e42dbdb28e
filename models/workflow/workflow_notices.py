"""What publishing and the machine say about workflows, in people's words."""

from .webhook_texts import problem_text as address_text

# Of an address that would not be called, see ``engine.webhook_target``.
URL_CODES = ("url", "scheme", "user", "host", "port", "private")


def pause_text(env, code):
    """Why a workflow has paused by itself, and what to do.

    :param str code: flood, loop, failing, audience or birthday
    :rtype: str
    """
    _ = env._
    return {
        "flood": _(
            "More customers would have entered within an hour than it allows. Look"
            " whether it starts itself again; then resume it, with a higher limit if so"
            " many are meant."
        ),
        "loop": _(
            "It has started itself again and again, alone or through other workflows."
            " Change what starts it, or what it does, and publish it again."
        ),
        "failing": _(
            "More than half of its last runs have failed. Look at their reasons, mend"
            " the step, and publish it again."
        ),
        "audience": _(
            "Its condition on customers cannot be evaluated any more. Mend the"
            " condition, and publish it again."
        ),
        "birthday": _(
            "No custom field is the birthday any more. Give one that role, then resume"
            " it."
        ),
    }[code]


def problem_text(env, problem):
    """What is wrong with a definition at one place, and how to mend it.

    :param engine.workflow_check.Problem problem: also with the codes of
        ``mini_crm.workflow._reference_problems``
    :rtype: str
    """
    texts = {
        **_texts_of_whole(env),
        **_texts_of_steps(env),
        **_texts_of_values(env),
        **_texts_of_lists(env),
        **_texts_of_references(env),
        **{f"url_{code}": address_text(env, code) for code in URL_CODES},
    }
    details = {
        name: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        for name, value in problem.detail.items()
    }
    return texts[problem.code] % {"setting": problem.setting, **details}


def _texts_of_whole(env):
    _ = env._
    return {
        "definition_broken": _(
            "This is no definition of a workflow. Load the page again, or import it"
            " anew."
        ),
        "format_unknown": _(
            "It was made by another version of Mini CRM. Export it there again."
        ),
        "part_unknown": _("“%(setting)s” belongs to no workflow. Take it out."),
        "part_broken": _("“%(setting)s” cannot stay as it is. Choose it again."),
        "policy_unknown": _(
            "How often a customer may enter must be one of: %(options)s."
        ),
        "trigger_unknown": _("Nothing starts it yet. Choose what does."),
        "first_missing": _("It has no first step. Add one."),
        "nodes_many": _(
            "It has %(count)s steps, at most %(limit)s are possible. Make two workflows"
            " of it."
        ),
        "score_nothing": _(
            "Say by how much the score has to change, or which value it has to cross."
        ),
    }


def _texts_of_steps(env):
    _ = env._
    return {
        "node_id": _("Its name may have letters, digits, - and _ only."),
        "kind_unknown": _("Nobody knows what it has to do. Delete it."),
        "unreachable": _("No way leads here. Connect it, or delete it."),
        "loop_without_wait": _("The steps %(nodes)s go round without waiting."),
        "loop_without_end": _(
            "The steps %(nodes)s go round for ever. Add a delay or a way out."
        ),
        "edge_unknown": _("It has no way out called “%(setting)s”. Take it out."),
        "edge_target": _("The way “%(setting)s” leads nowhere. Connect it again."),
        "setting_unknown": _("“%(setting)s” means nothing here. Take it out."),
        "choices_missing": _("Add the choices, or a field that has some."),
        "condition_empty": _("It asks nothing. Add a condition, words or an answer."),
        "answer_unknown": _(
            "It looks at the answer to “%(question)s”, which is no question of this"
            " workflow. Choose another one."
        ),
        "date_missing": _("Choose the date that it waits for."),
        "remind_late": _(
            "The reminder would come after the time limit. Make it earlier."
        ),
    }


def _texts_of_values(env):
    _ = env._
    return {
        "setting_missing": _("“%(setting)s” is missing."),
        "setting_type": _("“%(setting)s” cannot have this value. Enter it again."),
        "text_long": _(
            "“%(setting)s” has %(length)s characters, at most %(limit)s are possible."
        ),
        "text_broken": _(
            "“%(setting)s” has characters that cannot be stored. Type it anew by hand."
        ),
        "number_low": _("“%(setting)s” must be at least %(least)s."),
        "number_high": _("“%(setting)s” must be at most %(most)s."),
        "option_unknown": _("“%(setting)s” must be one of: %(options)s."),
        "clock_broken": _("“%(setting)s” must be a time like 09:30."),
        "weekday_broken": _("“%(setting)s” names a day that no week has."),
        "weekdays_none": _("“%(setting)s”: choose at least one day of the week."),
        "duration_broken": _("“%(setting)s” must be a duration like 2 days."),
        "duration_long": _("“%(setting)s” must be %(days)s days at most."),
    }


def _texts_of_lists(env):
    _ = env._
    return {
        "list_long": _(
            "“%(setting)s” has %(length)s entries, at most %(limit)s are possible."
        ),
        "choice_empty": _("“%(setting)s”: a choice has no label. Enter one."),
        "choice_twice": _("“%(setting)s” has the choice “%(label)s” twice."),
        "choice_opt_out": _(
            "“%(setting)s”: who answers “%(label)s” opts out of all messages. Use"
            " another word."
        ),
    }


def _texts_of_references(env):
    _ = env._
    return {
        "record_gone": _(
            "What “%(setting)s” names is gone, archived, or of another company. Choose"
            " again."
        ),
        "field_gone": _(
            "There is no field “%(given)s” any more. Restore it, or choose another one."
        ),
        "field_no_date": _("The field “%(given)s” holds no date. Choose another one."),
        "field_unfit": _(
            "Answers of this type do not fit into the field “%(given)s”. Choose another"
            " field, or another type of answer."
        ),
        "condition": _("The condition cannot be used: %(given)s"),
        "channel_missing": _(
            "No account of %(given)s is connected. Connect one under Channels, or"
            " choose another way."
        ),
    }
