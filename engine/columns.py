"""What the columns of a customers' or purchases' file can mean, and guessing it.

A column is guessed by its name in English or Persian, and by what stands in it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from .calendars import looks_like_date
from .money import TOMAN, currency_code, looks_like_amount
from .people import looks_like_email, looks_like_phone
from .text import match_key

KINDS = ("customers", "purchases")
KEYS = ("ref", "email", "phone")
CUSTOM = "custom:"  # begins the fields that are custom ones: custom:birth_date
# Types of the custom fields that customers can be told apart by.
KEY_TYPES = ("text", "number", "email", "phone")
# Columns that a file of failed rows has more than the file it came from.
ERROR_COLUMNS = (
    ("Mini CRM: row", "Mini CRM: reason"),
    ("مینی CRM: ردیف", "مینی CRM: علت"),
)


@dataclass(frozen=True)
class Column:
    """Something a column can mean.

    :param type: how its cells are read (``rows.py``)
    :param names: what people call it, comma-separated; a longer name is a better guess
    """

    type: str
    names: str


_REF = Column(
    "key",
    "customer key, customer id, customer, customer number, customer no, customer code,"
    " client id, client, external key, external id, ref, reference id, id, code,"
    " contact id, user id, member id, membership number, شناسه مشتری, کد مشتری,"
    " شماره مشتری, شناسه, کد, کد اشتراک, شماره اشتراک, اشتراک, مشتری",
)
_NAME = Column(
    "text",
    "name, full name, customer name, client name, display name, contact name, contact,"
    " نام, نام کامل, نام مشتری, نام و نام خانوادگی, نام خانوادگی و نام, اسم, اسم مشتری",
)
_EMAIL = Column(
    "email",
    "email, e mail, e mail address, email address, mail, e mail 1 value, customer"
    " email, ایمیل, پست الکترونیک, پست الکترونیکی, رایانامه, آدرس ایمیل, ایمیل مشتری",
)
_PHONE = Column(
    "phone",
    "phone, mobile, phone number, mobile number, mobile phone, cell, cell phone, tel,"
    " telephone, phone 1 value, whatsapp, customer phone, موبایل, تلفن, شماره موبایل,"
    " شماره تلفن, تلفن همراه, همراه, شماره همراه, شماره تماس, تماس, موبایل مشتری",
)

CUSTOMERS = {
    "ref": _REF,
    "name": _NAME,
    "first_name": Column("text", "first name, given name, forename, نام کوچک"),
    "last_name": Column(
        "text", "last name, family name, surname, نام خانوادگی, فامیلی"
    ),
    "email": _EMAIL,
    "phone": _PHONE,
    "company_name": Column(
        "text",
        "company, company name, organization, organisation, business, employer,"
        " organization name, شرکت, نام شرکت, سازمان, فروشگاه, محل کار",
    ),
    "function": Column(
        "text", "function, job, job title, position, profession, شغل, سمت, حرفه"
    ),
    "street": Column(
        "text",
        "street, address, street address, address 1, address line 1, آدرس, نشانی,"
        " خیابان, نشانی پستی, آدرس پستی",
    ),
    "street2": Column(
        "text",
        "street 2, street2, street second line, address 2, address line 2, ادامه آدرس,"
        " ادامهٔ نشانی",
    ),
    "city": Column("text", "city, town, شهر, شهرستان"),
    "zip": Column(
        "code", "zip, zip code, postal code, postcode, post code, کد پستی, کدپستی"
    ),
    "country": Column("country", "country, country region, country code, کشور"),
    "tags": Column(
        "tags",
        "tags, tag, labels, label, groups, category, برچسب, برچسب ها, برچسبها, گروه,"
        " دسته",
    ),
    "segments": Column(
        "segments",
        "segments, segment, گروه ها, گروهها, گروه های مشتری, گروه مشتریان",
    ),
    "source": Column(
        "text",
        "source, lead source, channel, origin, acquisition source, منبع, کانال,"
        " نحوه آشنایی, منبع آشنایی",
    ),
    "owner": Column(
        "owner",
        "owner, customer owner, account owner, account manager, salesperson, sales rep,"
        " assigned to, responsible, مسئول, مسئول مشتری, مسئول فروش, فروشنده, کارشناس,"
        " کارشناس فروش",
    ),
    "comment": Column(
        "lines",
        "notes, note, comment, comments, remarks, description, یادداشت, یادداشتها,"
        " توضیحات, توضیح, ملاحظات",
    ),
    "since": Column(
        "past_date",
        "customer since, since, created, created at, date created, created on,"
        " registration date, registered, signup date, joined, member since, first"
        " order, تاریخ عضویت, تاریخ ثبت, تاریخ ثبت نام, عضویت, مشتری از, عضو از,"
        " آغاز آشنایی",
    ),
    "lang": Column("language", "language, lang, locale, زبان"),
}

PURCHASES = {
    "ref": _REF,
    "email": _EMAIL,
    "phone": _PHONE,
    "name": _NAME,
    "date": Column(
        "past_date",
        "date, purchase date, order date, invoice date, sale date, paid at, created at,"
        " date of purchase, transaction date, time, datetime, تاریخ, تاریخ خرید,"
        " تاریخ سفارش, تاریخ فاکتور, تاریخ فروش, زمان",
    ),
    "amount": Column(
        "amount",
        "amount, total, price, value, sum, paid, revenue, order total, total amount,"
        " grand total, amount paid, total price, sales, dollar value, spent, مبلغ,"
        " مبلغ کل, جمع, جمع کل, قیمت, مبلغ خرید, مبلغ فاکتور, مبلغ پرداختی, مبلغ نهایی",
    ),
    "currency": Column("currency", "currency, currency code, واحد پول, ارز, واحد"),
    "quantity": Column(
        "quantity",
        "quantity, qty, count, units, items, number of items, number of cds, pieces,"
        " تعداد, مقدار, تعداد کالا",
    ),
    "reference": Column(
        "key",
        "reference, order, order id, order number, order no, order reference, invoice,"
        " invoice number, receipt, receipt number, transaction id, transaction, number,"
        " شماره مرجع,"
        " شماره سفارش, شماره فاکتور, فاکتور, سفارش, شماره رسید, کد پیگیری, شماره"
        " پیگیری",
    ),
}

FIELDS = {"customers": CUSTOMERS, "purchases": PURCHASES}
REQUIRED = {"customers": (), "purchases": ("date", "amount")}

_BY_CONTENT = {
    "email": (looks_like_email, 0.7),
    "phone": (None, 0.7),  # needs the region: see _content_share
    "date": (looks_like_date, 0.9),
    "amount": (looks_like_amount, 0.9),
    "currency": (lambda text: bool(currency_code(text)), 0.9),
}
_PARENTHESES = re.compile(r"[(\[（].*?[)\]）]")


def name_key(header: str) -> str:
    """A column's name for comparing: letters and digits, no text in parentheses."""
    key = match_key(_PARENTHESES.sub(" ", header))
    return re.sub(r"[\W_]+", " ", key).strip()


_NAMES = {
    kind: {
        name_key(name): field
        for field, column in fields.items()
        for name in column.names.split(",")
    }
    for kind, fields in FIELDS.items()
}
_NO_NAMES: Mapping[str, str] = MappingProxyType({})


_ERROR_KEYS = frozenset(name_key(name) for names in ERROR_COLUMNS for name in names)


def is_error_column(header: str) -> bool:
    """Whether a column only says what was wrong with a row: see ``ERROR_COLUMNS``."""
    return name_key(header) in _ERROR_KEYS


def custom_names(labels: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What columns of custom fields are called: name key -> field, for guessing.

    :param labels: key of a custom field -> its label in every language; of two fields
        with one label the first has it
    """
    names: dict[str, str] = {}
    for key in labels:
        names.setdefault(name_key(CUSTOM + key), CUSTOM + key)
    for key, texts in labels.items():
        for text in (key, *texts):
            names.setdefault(name_key(text), CUSTOM + key)
    names.pop("", None)
    return names


def guess_mapping(
    kind: str,
    header: Sequence[str],
    samples: Sequence[Sequence[str]],
    region: str | None,
    custom: Mapping[str, str] = _NO_NAMES,
) -> dict[int, str]:
    """Which column holds which field: index of the column -> field.

    :param samples: some data rows
    :param region: ISO code of the country whose phone numbers are expected
    :param custom: see ``custom_names``; the fixed fields come first
    """
    mapping = _by_name(kind, header, custom)
    for field in _BY_CONTENT:
        if field not in FIELDS[kind] or field in mapping.values():
            continue
        free = [
            index
            for index, name in enumerate(header)
            if index not in mapping and not is_error_column(name)
        ]
        shares = {i: _content_share(field, _values(samples, i), region) for i in free}
        best = max(free, key=lambda index: shares[index], default=None)
        if best is not None and shares[best] >= _BY_CONTENT[field][1]:
            mapping[best] = field
    if not any(header) and not set(mapping.values()) & set(KEYS):
        # without names, the first column left is what customers are told apart by
        free = [
            i for i in range(len(header)) if i not in mapping and _values(samples, i)
        ]
        mapping |= dict.fromkeys(free[:1], "ref")
    return dict(sorted(mapping.items()))


def _by_name(
    kind: str, header: Sequence[str], custom: Mapping[str, str] = _NO_NAMES
) -> dict[int, str]:
    """Columns whose name is known; where two claim one field the longer name has it."""
    claims: dict[str, tuple[int, int]] = {}
    for index, name in enumerate(header):
        key = name_key(name)
        field = _NAMES[kind].get(key) or custom.get(key)
        if field and len(key) > claims.get(field, (0, 0))[0]:
            claims[field] = (len(key), index)
    return {index: field for field, (_length, index) in claims.items()}


def _values(samples: Sequence[Sequence[str]], index: int) -> list[str]:
    return [row[index] for row in samples if len(row) > index and row[index].strip()]


def _content_share(field: str, values: list[str], region: str | None) -> float:
    """Share of the values that can be read as the field; 0 for an empty column."""
    if not values:
        return 0.0
    if field == "phone":
        # shorter ones are rather keys or counts
        fits = [len(v) >= 7 and looks_like_phone(v, region) for v in values]
    elif field == "date":
        fits = [len(v) >= 8 and looks_like_date(v) for v in values]
    else:
        fits = list(map(_BY_CONTENT[field][0], values))
    share = sum(fits) / len(values)
    if field == "amount":
        # of two columns of numbers the one with decimals is the money
        return share * 0.9 + 0.1 * sum("." in v or "," in v for v in values) / len(
            values
        )
    return share


def guess_kind(
    header: Sequence[str],
    samples: Sequence[Sequence[str]],
    custom: Mapping[str, str] = _NO_NAMES,
) -> str:
    """``purchases`` when an amount and a date are in the file, else ``customers``.

    :param custom: see ``custom_names``
    """
    named = _by_name("purchases", header).values()
    if "amount" in named and ("date" in named or "reference" in named):
        return "purchases"
    if set(_by_name("customers", header, custom).values()) - {"ref"}:
        return "customers"
    found = guess_mapping("purchases", header, samples, None).values()
    return "purchases" if {"amount", "date"} <= set(found) else "customers"


def guess_key(mapping: dict[int, str], samples: Sequence[Sequence[str]]) -> str:
    """By what customers are best told apart: a key field, ``any``, or empty.

    The first key field that stands in every sample row; if none does, the first that
    each row happens to have.
    """
    columns = {field: index for index, field in mapping.items() if field in KEYS}
    present = [field for field in KEYS if field in columns]
    for field in present:
        if len(_values(samples, columns[field])) == len(samples):
            return field
    return "any" if len(present) > 1 else "".join(present)


def currency_in_header(header: str) -> str:
    """Currency that a column's name tells: ``Amount (toman)`` gives ``IRT``."""
    for word in re.split(r"[\s()\[\]/,_-]+", header):
        code = currency_code(word)
        if code and (code == TOMAN or match_key(word) != code.lower()):
            return code
        if re.fullmatch("[A-Z]{3}", word) and code in _ISO_WORDS:
            return code
    return ""


_ISO_WORDS = frozenset(
    {"USD", "EUR", "GBP", "IRR", "TRY", "AED", "AFN", "IQD", "INR", "JPY", "RUB", "CHF"}
)
