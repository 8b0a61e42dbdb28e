from engine.columns import (
    currency_in_header,
    custom_names,
    guess_key,
    guess_kind,
    guess_mapping,
)


def mapped(kind, *header, samples=(), region=None):
    found = guess_mapping(kind, header, samples, region)
    return [found.get(index, "") for index in range(len(header))]


def test_columns_are_known_by_their_names_in_both_languages():
    assert mapped(
        "customers", "Customer ID", "Full name", "E-mail", "Mobile", "Town"
    ) == [
        "ref",
        "name",
        "email",
        "phone",
        "city",
    ]
    assert mapped(
        "customers", "شناسه مشتری", "نام", "ايميل", "شماره موبایل", "شهر"
    ) == [
        "ref",
        "name",
        "email",
        "phone",
        "city",
    ]
    assert mapped("purchases", "کد مشتری", "تاریخ", "مبلغ (تومان)", "تعداد") == [
        "ref",
        "date",
        "amount",
        "quantity",
    ]


def test_of_two_columns_for_one_field_the_better_name_has_it():
    assert mapped("customers", "id", "customer id") == ["", "ref"]
    assert mapped("customers", "E-mail 1 - Value", "notes") == ["email", "comment"]


def test_columns_without_names_are_known_by_their_content():
    samples = [["00004", "19970101", "1", "11.77"], ["00021", "19970112", "3", "8.00"]]
    assert mapped("purchases", "", "", "", "", samples=samples) == [
        "ref",
        "date",
        "",
        "amount",
    ]
    samples = [["Sara", "sara@example.com", "09123456789"]]
    assert mapped("customers", "a", "b", "c", samples=samples, region="IR") == [
        "",
        "email",
        "phone",
    ]


def test_the_kind_is_told_by_amount_and_date():
    assert guess_kind(("customer", "date", "amount"), []) == "purchases"
    assert guess_kind(("customer", "name", "phone"), []) == "customers"
    assert guess_kind(("customer", "name"), []) == "customers"
    assert guess_kind(("", "", ""), [["7", "2026-01-31", "12.50"]]) == "purchases"


def test_customers_are_told_apart_by_what_every_row_has():
    mapping = {0: "name", 1: "email", 2: "phone"}
    assert guess_key(mapping, [["A", "", "1"], ["B", "b@x.de", "2"]]) == "phone"
    assert guess_key(mapping, [["A", "", "1"], ["B", "b@x.de", ""]]) == "any"
    assert guess_key({0: "ref", 1: "email"}, [["1", ""], ["2", ""]]) == "ref"
    assert guess_key({0: "name"}, [["A"]]) == ""


def test_the_currency_may_stand_in_the_header():
    assert currency_in_header("مبلغ (تومان)") == "IRT"
    assert currency_in_header("مبلغ ریال") == "IRR"
    assert currency_in_header("Amount USD") == "USD"
    assert currency_in_header("Price in €") == "EUR"
    assert currency_in_header("Total amount") == ""
    assert currency_in_header("Sum") == ""


def test_custom_fields_are_guessed_by_label_in_any_language_and_by_key():
    custom = custom_names(
        {"birth_date": ["Birthday", "تاریخ تولد"], "size": ["Shoe size"]}
    )
    header = ["کد مشتری", "تاريخ تولد", "SIZE"]
    assert guess_mapping("customers", header, [], None, custom) == {
        0: "ref",
        1: "custom:birth_date",
        2: "custom:size",
    }
    header = ["custom:birth_date", "shoe size (EU)", "Birth date"]
    assert guess_mapping("customers", header, [], None, custom) == {
        0: "custom:birth_date",
        1: "custom:size",
    }
    assert guess_kind(["Birthday", "Shoe size"], [], custom) == "customers"


def test_a_fixed_field_comes_before_a_custom_one_of_the_same_name():
    custom = custom_names({"town": ["City"], "other": ["Town 2", "City"]})
    assert guess_mapping("customers", ["City", "town 2"], [], None, custom) == {
        0: "city",
        1: "custom:other",
    }
