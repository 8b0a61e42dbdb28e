/** Ids of the exports that an open dialog waits for: it fetches their files itself. */
export const awaited = new Set();

/**
 * Have the browser save a file of ours, without leaving the page.
 *
 * @param {string} url
 */
export function fetchFile(url) {
    const link = document.createElement("a");
    link.href = url;
    link.download = "";
    document.body.append(link);
    link.click();
    link.remove();
}
