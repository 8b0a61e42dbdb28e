"""Records of the duplicate room for the rights matrix."""

from uuid import uuid4

from ..factories import make_customer


def _duplicate(env, company):
    one, other = (
        make_customer(env, company_id=company.id),
        make_customer(env, company_id=company.id),
    )
    return env["mini_crm.duplicate"].create(
        {
            "partner_id": one.id,
            "other_id": other.id,
            "company_id": company.id,
            "score": 90,
            "bits": 6.0,
        }
    )


def _duplicate_trait(env, company):
    customer = make_customer(env, company_id=company.id)
    env["mini_crm.duplicate.mark"]._compare(customer.ids)
    return env["mini_crm.duplicate.trait"].browse(customer.id)


def _duplicate_word(env, company):
    return env["mini_crm.duplicate.word"].create(
        {"kind": "name", "word": uuid4().hex, "count": 3}
    )


def _duplicate_mark(env, company):
    return env["mini_crm.duplicate.mark"].create({"partner_id": 1})


DUPLICATE_SAMPLES = {
    "mini_crm.duplicate": _duplicate,
    "mini_crm.duplicate.mark": _duplicate_mark,
    "mini_crm.duplicate.trait": _duplicate_trait,
    "mini_crm.duplicate.word": _duplicate_word,
}
