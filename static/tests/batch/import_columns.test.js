import {expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {contains, mountWithCleanup} from "@web/../tests/web_test_helpers";
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
async function mountColumns(fields) {
    const columns = ["key", "day"].map((name, index) => ({
        index,
        name,
        samples: ["1"],
        field: index ? "" : "ref",
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
                keys: [{value: "ref", label: "Customer key"}],
                currencies: [],
                settings: {
                    key: "ref",
                    mode: "upsert",
                    create_customers: true,
                    decimal: ".",
                    date_order: "dmy",
                    currency: "EUR",
                },
            },
            onChanged: () => {},
            onBack: () => {},
            onCheck: ({mapping}) => expect.step(mapping),
        },
    });
}

const SECOND = ".o_mini_crm_import_column[data-column='1'] select";

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

test("a custom date asks how dates are written, a number how numbers are", async () => {
    await mountColumns([...FIXED, ...CUSTOM]);
    expect(".o_mini_crm_import_order, .o_mini_crm_import_decimal").toHaveCount(0);
    await contains(SECOND).select("custom:birth_date");
    expect(".o_mini_crm_import_order").toHaveCount(1);
    expect(".o_mini_crm_import_decimal").toHaveCount(0);
    await contains(SECOND).select("custom:size");
    expect(".o_mini_crm_import_order").toHaveCount(0);
    expect(".o_mini_crm_import_decimal").toHaveCount(1);
});

test("a shop without custom fields sees no group for them", async () => {
    await mountColumns(FIXED);
    expect("optgroup").toHaveCount(0);
});
