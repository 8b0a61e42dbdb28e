import {expect, test} from "@odoo/hoot";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";
import {browser} from "@web/core/browser/browser";
import {copyText} from "../../src/shared/clipboard";

/** A browser that copies what is selected, or refuses. */
function copiesSelected(done) {
    patchWithCleanup(document, {
        execCommand(command) {
            expect.step([command, document.activeElement.value]);
            return done;
        },
    });
}

test("a text goes to the clipboard where there is one", async () => {
    patchWithCleanup(browser.navigator.clipboard, {
        writeText: async (text) => expect.step(text),
    });
    expect(await copyText("https://example.com")).toBe(true);
    expect.verifySteps(["https://example.com"]);
});

test("a page without TLS has no clipboard, and copies what is selected", async () => {
    patchWithCleanup(browser, {navigator: {}});
    copiesSelected(true);
    expect(await copyText("http://192.168.1.2/hook")).toBe(true);
    expect.verifySteps([["copy", "http://192.168.1.2/hook"]]);
    expect("textarea").toHaveCount(0);
});

test("a browser that copies nothing is told of", async () => {
    patchWithCleanup(browser, {navigator: {}});
    copiesSelected(false);
    expect(await copyText("x")).toBe(false);
    expect.verifySteps([["copy", "x"]]);
});
