"""Judging pairs: what suffices, what never does, and why."""

import pytest
from duplicate_kit import traits
from hypothesis import given
from hypothesis import strategies as st

from engine.duplicate_traits import packed, phone_key, unpacked
from engine.duplicates import (
    DEFAULT_THRESHOLD,
    Figures,
    judge,
    score_of,
    slot_bits,
)

# Ali and Ahmadi are borne by many, others by few.
SHOP = Figures(
    customers=20_000,
    words={
        "name": {"علی": 300, "احمدی": 200, "حسن": 150, "حسین": 150, "محمدی": 200},
        "city": {"تهران": 4_000},
    },
    totals={"name": 20_000, "city": 16_000},
    slots={"custom_date_1": 14.0, "custom_text_1": 17.0},
)
PHONE, NEAR, OTHER = "+989121234567", "+989121234568", "+989357654321"


def verdict(one, other, figures=SHOP):
    return judge(traits(**one), traits(**other), figures)


def codes(one, other):
    return {reason.code for reason in verdict(one, other).reasons}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "علی احمدی", "phone": PHONE}, {"name": "علی احمدی", "phone": PHONE}),
        ({"name": "علي احمدي", "phone": PHONE}, {"name": "علی احمدی", "phone": NEAR}),
        ({"name": "آقای علی احمدی", "phone": PHONE}, {"name": "علی", "phone": PHONE}),
        (
            {"name": "علی‌رضا راد", "email": "ar@x.ir"},
            {"name": "علیرضا راد", "email": "ar@x.ir"},
        ),
        ({"name": "Ali Rezaei", "phone": PHONE}, {"name": "علی رضایی", "phone": PHONE}),
        ({"name": "J. Smith", "phone": PHONE}, {"name": "Jane Smith", "phone": PHONE}),
        (
            {"name": "Jane Smith", "email": "jane.smith@x.org"},
            {"name": "Smith Jane", "email": "jane.smth@x.org"},
        ),
        (
            {"name": "Jane Smith", "custom_date_1": "1990-01-02", "zip": "4011"},
            {"name": "Jane Smiht", "custom_date_1": "1990-01-02", "zip": "4011"},
        ),
    ],
)  # fmt: skip
def test_one_person_typed_twice_is_shown(one, other):
    assert verdict(one, other).score >= DEFAULT_THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # a rare name, and nothing else
        ({"name": "Zebulon Quartermaine"}, {"name": "Zebulon Quartermaine"}),
        # a common name in a large city
        (
            {"name": "علی احمدی", "city": "تهران"},
            {"name": "علی احمدی", "city": "تهران"},
        ),
        # one phone in the family
        ({"name": "علی احمدی", "phone": PHONE}, {"name": "حسن احمدی", "phone": PHONE}),
        ({"name": "علی احمدی", "phone": PHONE}, {"name": "مریم محمدی", "phone": PHONE}),
        # brothers whose names are a letter apart, at one address
        (
            {"name": "حسن احمدی", "phone": PHONE, "street": "بهار ۱۲", "city": "قم"},
            {"name": "حسین احمدی", "phone": PHONE, "street": "بهار ۱۲", "city": "قم"},
        ),
        # the same phone tells little when nobody has a name
        ({"phone": PHONE}, {"phone": PHONE}),
        ({"name": "علی احمدی", "phone": PHONE}, {"name": "علی احمدی", "phone": OTHER}),
    ],
)  # fmt: skip
def test_what_may_be_two_people_is_not_shown(one, other):
    assert verdict(one, other).score < DEFAULT_THRESHOLD


def test_even_everything_in_common_does_not_make_a_family_one_person():
    home = {"phone": PHONE, "email": "home@x.ir", "street": "بهار ۱۲", "city": "قم"}
    one, other = {"name": "علی احمدی", **home}, {"name": "مریم احمدی", **home}
    assert verdict(one, other).score < 50


def test_a_code_that_one_person_has_outweighs_another_name():
    one = {"name": "Jane Smith", "custom_text_1": "A-778812", "phone": PHONE}
    other = {"name": "Jane Miller", "custom_text_1": "a 778812", "phone": PHONE}
    assert verdict(one, other).score >= DEFAULT_THRESHOLD


def test_a_phone_that_many_have_speaks_for_nobody():
    one, other = {"name": "علی", "phone": PHONE}, {"name": "علی", "phone": PHONE}
    crowded = Figures(20_000, SHOP.words, SHOP.totals, crowds={phone_key(PHONE): 400})
    assert verdict(one, other).score > DEFAULT_THRESHOLD
    assert verdict(one, other, crowded).score < DEFAULT_THRESHOLD


def test_each_part_is_explained_the_weightiest_first():
    told = verdict(
        {"name": "علی احمدی", "phone": PHONE, "email": "a@x.ir", "city": "قم"},
        {"name": "علی احمدى", "phone": NEAR, "email": "other@x.ir", "city": "قم"},
    )
    assert {r.code for r in told.reasons} == {
        "phone_slip",
        "name_same",
        "city_same",
        "email_other",
    }
    bits = [reason.bits for reason in told.reasons]
    assert bits == sorted(bits, reverse=True)


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("علی احمدی", "احمدی علی", "name_order"),
        ("علی رضا احمدی", "علیرضا احمدی", "name_spacing"),
        ("مریم شاکری", "مریمش اکری", "name_spacing"),
        ("مریم شاکری", "مریم شکری", "name_slip"),
        ("مریم شاکری", "مریم شاکرى راد", "name_part"),
        ("م. شاکری", "مریم شاکری", "name_initial"),
        ("Maryam Shakeri", "مریم شاکری", "name_script"),
        ("مریم شاکری", "زهرا شاکری", "name_family"),
        ("مریم شاکری", "زهرا احمدی", "name_other"),
    ],
)
def test_how_names_agree_is_told(one, other, code):
    assert code in codes({"name": one}, {"name": other})


def test_a_namesake_s_address_is_no_slip():
    found = codes({"email": "ali.ahmadi1@x.ir"}, {"email": "ali.ahmadi2@x.ir"})
    assert found == {"email_other"}


def test_scores_mean_the_same_in_a_small_shop_and_a_large_one():
    one = {"name": "علی احمدی", "phone": PHONE}
    scores = [
        verdict(one, one, Figures(size, SHOP.words, SHOP.totals)).score
        for size in (1_000, 200_000, 5_000_000)
    ]
    assert max(scores) - min(scores) <= 1


def test_half_of_the_odds_is_half_of_the_score():
    assert score_of(0) == 50
    assert score_of(10**6) == 100
    assert score_of(-(10**6)) == 0


def test_a_slot_with_few_values_says_less():
    assert slot_bits(pairs=500_000, filled=2_000) < 3 < 15 < slot_bits(20, 2_000)
    assert slot_bits(0, 1) == 0


# Properties

letters = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
texts = st.text(letters, max_size=30)
people = st.builds(
    traits,
    name=texts,
    phone=st.one_of(st.just(PHONE), st.just(NEAR), texts),
    email=st.one_of(st.just("a.b@x.org"), texts),
    street=texts,
    zip=texts,
    city=st.one_of(st.just("تهران"), texts),
    custom_date_1=st.one_of(st.just("1990-01-02"), texts),
    custom_text_1=texts,
)


@given(people, people)
def test_a_pair_is_judged_alike_from_both_sides(one, other):
    there, back = judge(one, other, SHOP), judge(other, one, SHOP)
    assert abs(there.score - back.score) <= 1
    assert 0 <= there.score <= 100


@given(people)
def test_traits_survive_being_stored(one):
    assert unpacked(packed(one)) == one


@given(texts, texts)
def test_a_name_alone_never_suffices(one, other):
    assert verdict({"name": one}, {"name": other}).score < DEFAULT_THRESHOLD
