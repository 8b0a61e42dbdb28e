import {describe, expect, test} from "@odoo/hoot";
import {colourIndex, initials} from "@mini_crm/customer/initials";

describe.current.tags("headless");

test("initials are the first letters of the first and the last word", () => {
    expect(initials("Sara Ahmadi")).toBe("SA");
    expect(initials("hugo van der berg")).toBe("HB");
    expect(initials("Cher")).toBe("C");
});

test("Persian initials are kept apart so that they do not join", () => {
    expect(initials("مریم حسینی")).toBe("م\u200cح");
    expect(initials("نیلوفر")).toBe("ن");
});

test("titles and words without letters are passed over", () => {
    expect(initials("Dr. Sara Ahmadi")).toBe("SA");
    expect(initials("خانم مریم حسینی")).toBe("م\u200cح");
    expect(initials("@little.crafts")).toBe("LC");
    expect(initials("Sara 2 🌹")).toBe("S");
    expect(initials("Dr.")).toBe("D");
});

test("a name without letters has no initials", () => {
    expect(initials("+98 912 000 0000")).toBe("");
    expect(initials("")).toBe("");
    expect(initials(false)).toBe("");
});

test("a letter beyond the basic plane is not cut in two", () => {
    expect(initials("𝒮ara Ahmadi")).toBe("𝒮A");
});

test("a customer always has the same colour", () => {
    expect(colourIndex(123, "Sara")).toBe(3);
    expect(colourIndex(123, "Another name")).toBe(3);
    expect(colourIndex(false, "Sara")).toBe(colourIndex(false, "Sara"));
    expect(colourIndex(false, "")).toBe(0);
});
