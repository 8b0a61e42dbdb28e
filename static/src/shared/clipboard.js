import {browser} from "@web/core/browser/browser";

/**
 * Copy a text. Pages without TLS have no clipboard (http://192.168...), but browsers
 * still copy there what is selected.
 *
 * @param {string} text
 * @returns {Promise<boolean>} whether it could be copied
 */
export async function copyText(text) {
    try {
        await browser.navigator.clipboard.writeText(text);
        return true;
    } catch {
        return copySelected(text);
    }
}

function copySelected(text) {
    const focused = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.readOnly = true;
    area.style.cssText = "position: fixed; opacity: 0";
    document.body.append(area);
    area.select();
    try {
        return document.execCommand("copy");
    } finally {
        area.remove();
        focused?.focus();
    }
}
