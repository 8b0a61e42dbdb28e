import {expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {contains, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {ImportColumns} from "@mini_crm/batch/import_columns";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";

defineMiniCrmModels();

const FIXED = [
    {value: "ref", label: "Customer key", type: "key", custom: false},
    {value: "name", label: "Name", type: "text", custom: false},
];
const CUSTOM = [
    {value: "custom:birth_date", label: "Birthday", type: "date", custom: true},
    {value: "custom:size", label: "Shoe size", type: "number", custom: true},
];

/** Show the columns "key" and "day" of a file in which the first one is known. */
async function mountColumns(fields, {mayCreateFields = false} = {}) {
    const columns = ["key", "day"].map((name, index) => ({
        index,
        name,
        samples: ["1"],
        field: index ? "" : "ref",
        dates: {dmy: "3 April 2020", mdy: "4 March 2020"},
    }));
    await mountWithCleanup(ImportColumns, {
        props: {
            file: {
                id: 1,
                name: "shop.csv",
                kind: "customers",
                rows: 1,
                encoding: "utf-8",
                delimiter: ",",
                has_header: true,
                warning: "",
                columns,
                fields,
                sheets: [],
                sheet: 0,
                slots: {text: 30},
                may_create_fields: mayCreateFields,
                keys: [{value: "ref", label: "Customer key"}],
                currencies: [],
                settings: {
                    key: "ref",
                    existing: "update",
                    missing: "create",
                    similar: "create",
                    repeated: "first",
                    date_orders: {},
                    create_customers: true,
                    decimal: ".",
                    date_order: "dmy",
                    currency: "EUR",
                },
            },
            onChanged: () => {},
            onBack: () => {},
            onCheck: ({mapping, date_orders}) => {
                expect.step(mapping);
                if (Object.keys(date_orders).length) {
                    expect.step(date_orders);
                }
            },
        },
    });
}

const SECOND = ".o_mini_crm_import_column[data-column='1'] .o_mini_crm_import_field";
const ORDER =
    ".o_mini_crm_import_column[data-column='1'] .o_mini_crm_import_date_order";

test("custom fields are offered in a group below the fixed ones", async () => {
    await mountColumns([...FIXED, ...CUSTOM]);
    expect(`${SECOND} > :last-child`).toHaveAttribute("label", "Custom fields");
    expect(queryAllTexts(`${SECOND} optgroup option`)).toEqual([
        "Birthday",
        "Shoe size",
    ]);
    await contains(SECOND).select("custom:size");
    await contains(".o_mini_crm_import_check").click();
    expect.verifySteps([{0: "ref", 1: "custom:size"}]);
});

test("a column of dates asks how they are written and shows how one is read", async () => {
    await mountColumns([...FIXED, ...CUSTOM]);
    expect(".o_mini_crm_import_dates, .o_mini_crm_import_decimal").toHaveCount(0);
    await contains(SECOND).select("custom:birth_date");
    expect(".o_mini_crm_import_decimal").toHaveCount(0);
    expect(".o_mini_crm_import_date_read").toHaveText("Read as 3 April 2020");
    await contains(ORDER).select("mdy");
    expect(".o_mini_crm_import_date_read").toHaveText("Read as 4 March 2020");
    await contains(ORDER).select("ymd");
    expect(".o_mini_crm_import_date_read").toHaveText("Not a date in this order");
    await contains(".o_mini_crm_import_check").click();
    expect.verifySteps([{0: "ref", 1: "custom:birth_date"}, {1: "ymd"}]);
    await contains(SECOND).select("custom:size");
    expect(".o_mini_crm_import_dates").toHaveCount(0);
    expect(".o_mini_crm_import_decimal").toHaveCount(1);
});

test("columns that are left become custom fields in one click, for who may make some", async () => {
    onRpc("mini_crm.import", "create_fields", ({kwargs}) => {
        expect.step(kwargs.indexes);
        return {columns: [], settings: {}};
    });
    await mountColumns(FIXED);
    expect(".o_mini_crm_import_create_fields").toHaveCount(0);
    await mountColumns(FIXED, {mayCreateFields: true});
    await contains(".o_mini_crm_import_create_fields").click();
    expect.verifySteps([[1]]);
});

test("a shop without custom fields sees no group for them", async () => {
    await mountColumns(FIXED);
    expect("optgroup").toHaveCount(0);
});
