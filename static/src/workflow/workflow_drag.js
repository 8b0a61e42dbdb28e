import {makeDraggableHook} from "@web/core/utils/draggable_hook_builder_owl";
import {pick} from "@web/core/utils/objects";

const told = ({ctx}) => pick(ctx.current, "element");

/** Odoo's drag and drop, for what stays in its place while a sign follows the pointer. */
export const useWorkflowDrag = makeDraggableHook({
    name: "useWorkflowDrag",
    onComputeParams({ctx}) {
        // The cards are inside of a scaled page, where they could not follow.
        ctx.followCursor = false;
    },
    onWillStartDrag: told,
    onDragStart: told,
    onDrag: told,
    onDragEnd: told,
    onDrop: told,
});

/**
 * The nearest of some boxes to a pointer.
 *
 * @param {{key: string, box: DOMRect}[]} places
 * @param {{x: number, y: number}} pointer
 * @param {number} most distance in pixels
 * @returns {string | null} its key; null: none is near
 */
export function nearest(places, {x, y}, most) {
    let [found, least] = [null, most];
    for (const {key, box} of places) {
        const [middle, centre] = [box.left + box.width / 2, box.top + box.height / 2];
        const distance = Math.hypot(middle - x, centre - y);
        if (distance <= least) {
            [found, least] = [key, distance];
        }
    }
    return found;
}
