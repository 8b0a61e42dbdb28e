import {describe, expect, test} from "@odoo/hoot";
import {queryAll, queryAllTexts} from "@odoo/hoot-dom";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";
import {defineMiniCrmModels} from "../mini_crm_test_helpers";
import {Chart, linePieces, roundMaximum} from "@mini_crm/shared/chart";

describe.current.tags("desktop");
defineMiniCrmModels();

test("the axis ends at a round number that no value exceeds", () => {
    expect([0, 3, 5, 11, 41, 99, 100, 101].map(roundMaximum)).toEqual([
        4, 4, 5, 20, 50, 100, 100, 200,
    ]);
});

test("a line is interrupted where there is no value", () => {
    expect(linePieces([0, 50, null, 100], 100).map((piece) => piece.length)).toEqual([
        2, 1,
    ]);
    expect(linePieces([0, 50, null, 100], 100)[1]).toEqual([{x: 100, y: 0}]);
});

test("bars are as high as their values, and are read out as a table", async () => {
    await mountWithCleanup(Chart, {
        props: {
            kind: "bars",
            title: "Customers by score",
            labels: ["0-49", "50-100"],
            series: [
                {label: "Now", tone: "inactive", values: [5, 10]},
                {label: "Then", values: [0, 2], tones: ["danger", "success"]},
            ],
        },
    });
    const heights = queryAll(".o_mini_crm_chart_bar").map((bar) => bar.style.blockSize);
    expect(heights).toEqual(["50%", "0%", "100%", "20%"]);
    expect(".o_mini_crm_chart_bar.o_mini_crm_tone_success").toHaveCount(1);
    expect(queryAllTexts("table td:not(:empty)")).toEqual(["5", "0", "10", "2"]);
    expect(queryAllTexts(".o_mini_crm_chart_key")).toEqual(["Now", "Then"]);
});

test("a tap on a column picks it", async () => {
    await mountWithCleanup(Chart, {
        props: {
            kind: "bars",
            title: "Customers",
            labels: ["a", "b"],
            series: [{label: "Now", values: [1, 2]}],
            onPick: (index) => expect.step(index),
        },
    });
    queryAll(".o_mini_crm_chart_column")[1].click();
    expect.verifySteps([1]);
    expect(".o_mini_crm_chart_legend").toHaveCount(0);
});
