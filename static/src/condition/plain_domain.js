import {Domain, InvalidDomainError} from "@web/core/domain";
import {isComplete, operatorsFor} from "./plain_operators";

/**
 * Conditions in plain words: `{join, rows}`. `join` is "&" or "|", a row is
 * `{field, operator, value}`, or a group `{join, rows}` of rows. Two levels are what
 * can be read at a glance; whatever has more is shown by Odoo's domain editor.
 *
 * A field is one of `mini_crm.condition.fields_for_editor`: `{name, label, kind, ...}`.
 */

/**
 * @param {string} text a domain
 * @param {Object[]} fields
 * @returns {{join: string, rows: Object[]} | null} null: plain words cannot show it
 */
export function readPlain(text, fields) {
    let list;
    try {
        list = new Domain(text || "[]").toList();
    } catch (error) {
        if (error instanceof InvalidDomainError) {
            return null;
        }
        throw error;
    }
    const byName = Object.fromEntries(fields.map((field) => [field.name, field]));
    const tree = list.length ? readTree(list, byName) : {join: "&", rows: []};
    if (!tree) {
        return null;
    }
    const top = tree.rows ? tree : {join: "&", rows: [tree]};
    const isFlat = (row) => !row.rows || row.rows.every((inner) => !inner.rows);
    return top.rows.every(isFlat) ? top : null;
}

/** The expressions of a domain, taken off its beginning one by one. */
function readTree(list, fields) {
    const rest = [...list];
    let tree = readNext(rest, fields);
    while (tree && rest.length) {
        const next = readNext(rest, fields);
        tree = next && joined("&", tree, next);
    }
    return tree;
}

function readNext(rest, fields) {
    const token = rest.shift();
    if (Array.isArray(token)) {
        return readLeaf(token, fields);
    }
    if (token !== "&" && token !== "|") {
        return null;
    }
    const silence = token === "|" && readSilence(rest, fields);
    if (silence) {
        rest.splice(0, 4);
        return silence;
    }
    const one = readNext(rest, fields);
    const other = one && readNext(rest, fields);
    return other && joined(token, one, other);
}

function joined(join, ...trees) {
    const rows = trees.flatMap((tree) => (tree.join === join ? tree.rows : [tree]));
    return {join, rows};
}

function readLeaf(leaf, fields) {
    const [name, part] = String(leaf[0]).split(".");
    const field = fields[name];
    for (const operator of field ? operatorsFor(field) : []) {
        if (operator.part !== part) {
            continue;
        }
        const value = operator.read(leaf);
        if (value !== undefined) {
            return {field: name, operator: operator.name, value};
        }
    }
    return null;
}

/** The row that the four tokens after a "|" stand for, if they are that pattern. */
function readSilence(rest, fields) {
    const days = /^today -(\d+)d$/.exec(rest[0]?.[2])?.[1];
    const field = "last_contacted_at";
    const operator =
        days &&
        fields[field] &&
        operatorsFor(fields[field]).find(({name}) => name === "silence");
    if (!operator) {
        return null;
    }
    const [, ...pattern] = operator.write(field, days);
    return JSON.stringify(rest.slice(0, 4)) === JSON.stringify(pattern)
        ? {field, operator: operator.name, value: Number(days)}
        : null;
}

/**
 * The domain of what is filled in; rows that lack a value are left out, so a caller
 * asks `isPlainComplete` before it keeps the result.
 *
 * @param {{join: string, rows: Object[]}} plain
 * @param {Object[]} fields
 * @returns {string}
 */
export function writePlain(plain, fields) {
    return new Domain(writeRows(plain, fields)).toString();
}

function writeRows({join, rows}, fields) {
    const parts = rows
        .map((row) => (row.rows ? writeRows(row, fields) : writeRow(row, fields)))
        .filter((part) => part.length);
    return [...parts.slice(1).map(() => join), ...parts.flat()];
}

function writeRow(row, fields) {
    const operator = operatorOf(row, fields);
    return operator && isComplete(operator, row.value)
        ? operator.write(row.field, row.value)
        : [];
}

function operatorOf(row, fields) {
    const field = fields.find(({name}) => name === row.field);
    return field && operatorsFor(field).find(({name}) => name === row.operator);
}

/**
 * Whether a row says all that it has to say.
 *
 * @param {Object} row or group
 * @param {Object[]} fields
 * @returns {boolean}
 */
export function isRowComplete(row, fields) {
    if (row.rows) {
        return row.rows.every((inner) => isRowComplete(inner, fields));
    }
    const operator = operatorOf(row, fields);
    return Boolean(operator) && isComplete(operator, row.value);
}

/**
 * @param {{rows: Object[]}} plain
 * @param {Object[]} fields
 * @returns {boolean}
 */
export function isPlainComplete(plain, fields) {
    return plain.rows.every((row) => isRowComplete(row, fields));
}
