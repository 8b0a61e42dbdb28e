import js from "@eslint/js";
import globals from "globals";

export default [
    {ignores: ["static/lib/**"]},
    js.configs.recommended,
    {
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: {...globals.browser, odoo: "readonly", luxon: "readonly"},
        },
        rules: {
            complexity: ["error", 10],
            eqeqeq: "error",
            "max-lines-per-function": ["error", {max: 40}],
            "no-undef": "error",
            "prefer-const": "error",
        },
    },
    {
        // A tour is one function with many steps; a suite is one with many tests.
        files: ["static/tests/**"],
        rules: {"max-lines-per-function": "off"},
    },
    {
        files: ["*.mjs", "runner/**"],
        languageOptions: {globals: globals.node},
    },
];
