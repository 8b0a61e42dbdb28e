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


class Tags(RuleBasedStateMachine):
    """What people and conditions do, and a model in plain Python of what must be.

    For each customer: whether a person wants the tag, for which rules the condition
    holds, and which of them he has declined.
    """

    case = None  # the test, with its records
    tag_rules = ()  # "rules" is hypothesis's own

    def __init__(self):
        super().__init__()
        self.people = [self.case.one, self.case.two]
        self.case.tag.partner_ids = False
        for one in self.tag_rules:
            self.case.hold(one, self.case.one.browse())
        self.by_hand = [False, False]
        self.holds = [set(), set()]  # by customer: numbers of rules
        self.declined = [set(), set()]

    @rule(who=PEOPLE)
    def put_on(self, who):
        tag = self.case.tag
        self.people[who].write({"category_id": [Command.link(tag.id)]})
        self.by_hand[who] = True
        self.declined[who] = set()

    @rule(who=PEOPLE)
    def take_off(self, who):
        tag, person = self.case.tag, self.people[who]
        carried = tag in person.category_id
        person.write({"category_id": [Command.unlink(tag.id)]})
        if carried:
            self.by_hand[who] = False
            self.declined[who] = set(self.holds[who])

    @rule(who=PEOPLE, which=RULES, holds=st.booleans())
    def flip(self, who, which, holds):
        person = self.people[who]
        wanted = person if holds else person.browse()
        self.case.hold(self.tag_rules[which], wanted, scope=person)
        if holds:
            self.holds[who].add(which)
        else:
            self.holds[who].discard(which)
            self.declined[who].discard(which)

    @rule(which=RULES)
    def switch_off_and_on(self, which):
        self.case.switch_off(self.tag_rules[which])
        self.tag_rules[which].action_unarchive()
        for who in (0, 1):
            # who has declined stays so, the others are left without
            if which not in self.declined[who]:
                self.holds[who].discard(which)

    @invariant()
    def is_as_the_model_says(self):
        self.case.env.invalidate_all()
        for who, person in enumerate(self.people):
            wanted = self.by_hand[who] or self.holds[who] - self.declined[who]
            self.case.assertEqual(self.case.tag in person.category_id, bool(wanted))


@tagged("post_install", "-at_install")
class TestTagProperty(TagCase):
    """Whatever is done in whatever order, a tag is there for a reason."""

    def test_a_tag_is_there_iff_a_person_or_a_rule_wants_it(self):
        rules = [self.rule, self._rule("Other rule")]
        machine = type("TagsOfTest", (Tags,), {"case": self, "tag_rules": rules})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=15,
                stateful_step_count=12,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                derandomize=True,
            ),
        )
