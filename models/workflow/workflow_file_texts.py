"""Why a file is no workflow, in people's words."""


def file_text(env, problem):
    """What is wrong with a file, and what to do.

    :param engine.workflow_file.FileProblem problem: why it was refused
    :rtype: str
    """
    _ = env._
    texts = {
        "file_long": _("The file is larger than %(limit)s MB: it is no workflow."),
        "file_syntax": _(
            "The file is no JSON: line %(line)s, character %(column)s cannot be read."
            " Export the workflow again, and do not open it with a word processor."
        ),
        "file_text": _(
            "The file has something that cannot be stored (%(given)s). Export the"
            " workflow again."
        ),
        "file_other": _(
            "The file is no workflow of Mini CRM. Choose one that was exported there."
        ),
        "file_version": _(
            "The file is of another version of Mini CRM. Update Mini CRM here, or"
            " export it there again."
        ),
        "file_shape": _(
            "The file has no “%(part)s”, or one that cannot be read. Export the"
            " workflow again."
        ),
        "file_nodes": _(
            "The file has %(count)s steps, at most %(limit)s are possible."
        ),
        "file_kinds": _(
            "The file has steps that this version does not know: %(kinds)s. Update Mini"
            " CRM here, or take them out there."
        ),
    }
    return texts[problem.code] % problem.details
