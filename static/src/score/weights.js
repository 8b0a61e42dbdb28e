/**
 * Whole percents in the proportions of some numbers: largest remainder.
 *
 * @param {Number} total what they add up to
 * @param {Number[]} numbers not below 0; all 0: equal parts
 * @returns {Number[]}
 */
export function sharedOut(total, numbers) {
    const sum = numbers.reduce((a, b) => a + b, 0);
    const exact = numbers.map((n) =>
        sum ? (total * n) / sum : total / numbers.length,
    );
    const whole = exact.map(Math.floor);
    const left = total - whole.reduce((a, b) => a + b, 0);
    exact
        .map((value, index) => ({index, rest: value - whole[index]}))
        .sort((a, b) => b.rest - a.rest || a.index - b.index)
        .slice(0, left)
        .forEach(({index}) => whole[index]++);
    return whole;
}

/**
 * Weights of sisters after one of them was moved: the others give or take in
 * proportion, and together they stay 100 percent.
 *
 * @param {Object} weights key -> share 0 to 1
 * @param {String[]} sisters keys, among them `moved`
 * @param {String} moved
 * @param {Number} percent its new weight, whole, 0 to 100
 * @returns {Object} key -> share 0 to 1, of the sisters
 */
export function rebalanced(weights, sisters, moved, percent) {
    const others = sisters.filter((key) => key !== moved);
    const rest = sharedOut(
        100 - percent,
        others.map((key) => weights[key]),
    );
    const result = {[moved]: percent / 100};
    others.forEach((key, index) => {
        result[key] = rest[index] / 100;
    });
    return result;
}

const parentOf = (key) => (key.includes(".") ? key.split(".")[0] : "");

/**
 * What was changed in settings of the score: others may change the rest meanwhile.
 *
 * Of weights all sisters of one that was moved, as they mean something together only.
 *
 * @param {Object} settings as `describe` gives them
 * @param {Object} used those that were in use
 * @returns {Object} the same form, without what is equal
 */
export function changesOf(settings, used) {
    const {weights, full_counts: counts, ...plain} = settings;
    const differ = (values, others) =>
        Object.keys(values).filter((key) => values[key] !== others[key]);
    const pick = (values, keys) =>
        Object.fromEntries(keys.map((key) => [key, values[key]]));
    const moved = new Set(differ(weights, used.weights).map(parentOf));
    const sisters = Object.keys(weights).filter((key) => moved.has(parentOf(key)));
    const changedCounts = differ(counts, used.full_counts);
    return {
        ...(sisters.length && {weights: pick(weights, sisters)}),
        ...(changedCounts.length && {full_counts: pick(counts, changedCounts)}),
        ...pick(plain, differ(plain, used)),
    };
}
