"""What the problems of a definition (``engine.workflow_check``) are called."""

from .workflow_setting_words import setting_words


def problem_text(env, problem):
    """A sentence for a problem that names what to mend.

    :param problem: ``node``, ``code``, ``setting``, ``detail``
    """
    words = setting_words(env)
    label = words.get(problem.setting, (problem.setting,))[0]
    if problem.setting and problem.code in ("required", "missing"):
        return env._("“%s” is missing.", label)
    if problem.setting:
        return env._("“%s” cannot stay as it is.", label)
    if not problem.node:
        return env._("Something about the beginning of the workflow is not right.")
    return env._("Something about this step is not right.")
