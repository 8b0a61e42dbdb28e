/**
 * A text with its Persian and Arabic digits as ASCII ones.
 *
 * @param {string} text
 * @returns {string}
 */
export function asciiDigits(text) {
    return text
        .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0)
        .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660);
}
