import {registry} from "@web/core/registry";

const CUSTOMERS = [
    "customer,name,e-mail",
    "TOUR-1,Sara,sara@example.com",
    "TOUR-2,John,john@example.com",
    "TOUR-3,Nobody,nowhere",
];
const PURCHASES = [
    "customer,date,amount",
    "TOUR-1,2026-01-31,12.50",
    "TOUR-1,2026-02-01,20",
    "TOUR-2,2026-02-01,free",
    "TOUR-9,2026-02-01,5",
];

/** Steps from an empty screen to the result of an import. */
function importFile(name, lines, {problems}) {
    return [
        {
            content: `Drop ${name} on the screen`,
            trigger: ".o_mini_crm_import[data-step='file'] .o_mini_crm_import_drop",
            run() {
                const files = new DataTransfer();
                files.items.add(new File([lines.join("\n")], name, {type: "text/csv"}));
                this.anchor.dispatchEvent(
                    new DragEvent("drop", {bubbles: true, dataTransfer: files}),
                );
            },
        },
        {
            content: "Its columns are shown, the first one is known",
            trigger: ".o_mini_crm_import_column[data-column='0'] select:value('ref')",
        },
        {
            content: "Check it",
            trigger: ".o_mini_crm_import_check:enabled",
            run: "click",
        },
        {
            content: "The check names the problems",
            trigger: `.o_mini_crm_import_result[data-state='ready'] [data-count='failed'] [data-value='${problems}']`,
        },
        {
            content: "Import it",
            trigger: ".o_mini_crm_import_run:enabled",
            run: "click",
        },
        {
            content: "All is imported but for the problems",
            trigger: `.o_mini_crm_import[data-step='run'] .o_mini_crm_import_result[data-state='done'] [data-count='failed'] [data-value='${problems}']`,
        },
        {
            content: "The row with the problem is listed",
            trigger: ".o_mini_crm_import_problem .o_mini_crm_import_row",
        },
    ];
}

registry.category("web_tour.tours").add("mini_crm_import", {
    steps: () => [
        ...importFile("customers.csv", CUSTOMERS, {problems: 1}),
        {
            content: "Take another file",
            trigger: ".o_mini_crm_import_again",
            run: "click",
        },
        ...importFile("purchases.csv", PURCHASES, {problems: 1}),
        {
            content: "Go to the customers",
            trigger: ".o_mini_crm_import_open_customers",
            run: "click",
        },
        {
            content: "They are there",
            trigger: ".o_mini_crm_view .o_data_row, .o_mini_crm_view .o_kanban_record",
        },
    ],
});
