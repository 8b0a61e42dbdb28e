import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {Conversation} from "../thread/conversation";
import {MessageBubble} from "../thread/message_bubble";

/** The conversation says which workflow waits for an answer, and hands over. */
patch(Conversation.prototype, {
    get questions() {
        return this.thread.options?.questions || [];
    },

    questionText({workflow, question}) {
        return question
            ? _t("“%(workflow)s” waits for the answer to: %(question)s", {
                  workflow,
                  question,
              })
            : _t("“%(workflow)s” waits for an answer", {workflow});
    },

    async takeOver({run_id: runId}) {
        try {
            await this.model.call("take_over_question", [runId]);
        } catch (error) {
            this.tell(
                error.data?.message || _t("The server cannot be reached. Try again."),
            );
        }
        await this.model.refresh();
    },
});

/** Messages say which workflow has written them, and which question they missed. */
patch(MessageBubble.prototype, {
    get automatedLabel() {
        return _t("Automated: %s", this.props.row.workflow);
    },

    get lateLabel() {
        return _t(
            "Answer to a question that has expired: %s",
            this.props.row.late_answer_to,
        );
    },
});
