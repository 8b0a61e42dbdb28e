from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from odoo.fields import Command
from odoo.tests import tagged

from .tag_case import TagCase

PEOPLE = st.integers(0, 1)
RULES = st.integers(0, 1)


@tagged("post_install", "-at_install")
class TestTagProperty(TagCase):
    """Whatever people and conditions do in whatever order, a tag is there for a reason.

    A model in plain Python says what must be: for each customer whether a person wants
    the tag, and which rules want it and have not been declined.
    """

    def test_a_tag_is_there_iff_a_person_or_a_rule_wants_it(self):
        case, people = self, [self.one, self.two]
        rules = [self.rule, self._rule("Other rule")]

        class Tags(RuleBasedStateMachine):
            def __init__(self):
                super().__init__()
                case.tag.partner_ids = False
                for one in rules:
                    case.hold(one, case.one.browse())
                self.by_hand = [False, False]
                self.holds = [set(), set()]  # by customer: numbers of rules
                self.declined = [set(), set()]

            @rule(who=PEOPLE)
            def put_on(self, who):
                people[who].write({"category_id": [Command.link(case.tag.id)]})
                self.by_hand[who] = True
                self.declined[who] = set()

            @rule(who=PEOPLE)
            def take_off(self, who):
                carried = case.tag in people[who].category_id
                people[who].write({"category_id": [Command.unlink(case.tag.id)]})
                if carried:
                    self.by_hand[who] = False
                    self.declined[who] = set(self.holds[who])

            @rule(who=PEOPLE, which=RULES, holds=st.booleans())
            def flip(self, who, which, holds):
                wanted = people[who] if holds else people[who].browse()
                case.hold(rules[which], wanted, scope=people[who])
                if holds:
                    self.holds[who].add(which)
                else:
                    self.holds[who].discard(which)
                    self.declined[who].discard(which)

            @rule(which=RULES)
            def switch_off_and_on(self, which):
                rules[which].action_archive()
                rules[which].action_unarchive()
                for who in (0, 1):
                    # who has declined stays so, the others are left without
                    if which not in self.declined[who]:
                        self.holds[who].discard(which)

            @invariant()
            def is_as_the_model_says(self):
                case.env.invalidate_all()
                for who in (0, 1):
                    wanted = self.by_hand[who] or (
                        self.holds[who] - self.declined[who]
                    )
                    case.assertEqual(
                        case.tag in people[who].category_id, bool(wanted), vars(self)
                    )

        run_state_machine_as_test(
            Tags,
            settings=settings(
                max_examples=15,
                stateful_step_count=12,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                derandomize=True,
            ),
        )
