// Ten soft grounds with dark text, each pair at least 4.5:1 (avatar.scss).
const COLOURS = 10;
// Zero width non-joiner: keeps two Persian or Arabic letters from being joined.
const NON_JOINER = "\u200c";
const TITLES = new Set([
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "آقا",
    "آقای",
    "خانم",
    "دکتر",
    "مهندس",
    "استاد",
    "سید",
    "سیده",
]);
const ARABIC = /\p{Script=Arabic}/u;

/**
 * Initials of a name: the first letters of its first and its last word.
 *
 * Titles and words without letters are passed over. Persian and Arabic letters are kept
 * apart, so that they do not join into a word.
 *
 * @param {string | false} name
 * @returns {string} one or two letters; empty when the name has none
 */
export function initials(name) {
    const words = (name || "")
        .normalize("NFC")
        .split(/[\s\u200c@._,;:()/\\-]+/u)
        .filter((word) => /^\p{L}/u.test(word));
    const proper = words.filter((word) => !TITLES.has(word.toLowerCase()));
    const chosen = proper.length ? proper : words;
    if (!chosen.length) {
        return "";
    }
    const letters = [chosen[0], chosen.length > 1 ? chosen.at(-1) : ""]
        .map((word) => [...word][0] || "")
        .filter(Boolean)
        .map((letter) => letter.toLocaleUpperCase());
    return letters.join(
        letters.some((letter) => ARABIC.test(letter)) ? NON_JOINER : "",
    );
}

/**
 * Number of the colour of a customer's circle: always the same for the same customer.
 *
 * @param {number | false} id
 * @param {string | false} name used while there is no id yet
 * @returns {number} 0 to 9
 */
export function colourIndex(id, name) {
    if (id) {
        return id % COLOURS;
    }
    return (
        [...(name || "")].reduce((sum, char) => sum + char.codePointAt(0), 0) % COLOURS
    );
}
