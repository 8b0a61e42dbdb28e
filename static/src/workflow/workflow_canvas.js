import {Component, onMounted, useEffect, useRef, useState} from "@odoo/owl";
import {localization} from "@web/core/l10n/localization";
import {WorkflowCard} from "./workflow_card";
import {cardBeside, layoutOf} from "./workflow_layout";

const LEAST = 0.3;
const MOST = 1.6;
const READABLE = 0.8;
const STEP = 1.2;
const FOOT = 64; // pixels below the drawing, for the buttons that lie over it

const clamped = (zoom) => Math.min(MOST, Math.max(LEAST, zoom));

/** The workflow as a drawing: scrolls, zooms with wheel, fingers and buttons. */
export class WorkflowCanvas extends Component {
    static template = "mini_crm.WorkflowCanvas";
    static components = {WorkflowCard};
    static props = {
        model: Object,
        // Key of the edge over which something is being dragged.
        dropAt: {type: [String, {value: null}], optional: true},
        dragging: Boolean,
        onOpen: Function,
        onPlus: Function,
    };

    setup() {
        this.model = useState(this.props.model);
        this.state = useState({zoom: 1});
        this.view = useRef("view");
        this.pinch = null;
        onMounted(() => this.show(READABLE));
        useEffect(
            (view) => {
                // Not passive: the browser's own zoom is kept from happening.
                const listeners = {
                    wheel: (ev) => this.onWheel(ev),
                    touchmove: (ev) => this.onTouchMove(ev),
                };
                for (const [name, listener] of Object.entries(listeners)) {
                    view.addEventListener(name, listener, {passive: false});
                }
                return () => {
                    for (const [name, listener] of Object.entries(listeners)) {
                        view.removeEventListener(name, listener);
                    }
                };
            },
            () => [this.view.el],
        );
        useEffect(
            (selected) => this.reveal(selected),
            () => [this.model.selected],
        );
    }

    get direction() {
        return localization.direction;
    }

    get layout() {
        const {model} = this;
        const decides = (id) => Boolean(model.kinds[model.nodeOf(id)?.kind]?.decides);
        return layoutOf(model.blocks, decides, this.direction === "rtl");
    }

    get hidden() {
        const hidden = {};
        const count = (block) => {
            hidden[block.id] = block.hidden;
            block.ways.forEach((way) => way.block && count(way.block));
            block.joins.forEach(count);
        };
        this.model.blocks.forEach(count);
        return hidden;
    }

    get worldStyle() {
        const {width, height} = this.layout;
        const {zoom} = this.state;
        return `width: ${width * zoom}px; height: ${height * zoom + FOOT}px`;
    }

    get percent() {
        return `${Math.round(this.state.zoom * 100)}%`;
    }

    // Written here, where nothing mirrors it: the drawing has mirrored itself.
    get scaleStyle() {
        return `left: 0; transform-origin: 0 0; transform: scale(${this.state.zoom})`;
    }

    at({x, y}) {
        return `left: ${x}px; top: ${y}px; transform: translate(-50%, -50%)`;
    }

    below({x, y}) {
        return `left: ${x}px; top: ${y}px; transform: translate(-50%, 0)`;
    }

    box({x, y, width, height}) {
        return `left: ${x}px; top: ${y}px; width: ${width}px; height: ${height}px`;
    }

    edgeLabel({node, edge}) {
        return this.model.edgeLabel(node, edge);
    }

    targetLabel({target}) {
        return this.model.kindOf(target).label;
    }

    // Zoom

    fit() {
        this.show(LEAST);
    }

    /** As much as can be shown at a size of at least so much, the trigger in the middle. */
    show(least) {
        const {clientWidth, clientHeight} = this.view.el;
        const {width, height, cards} = this.layout;
        const room = clientHeight - FOOT;
        const zoom = Math.min(1, clientWidth / width, room / height);
        this.state.zoom = Math.max(least, zoom);
        const middle = (cards[0].x + cards[0].width / 2) * this.state.zoom;
        requestAnimationFrame(() =>
            this.view.el?.scrollTo(middle - clientWidth / 2, 0),
        );
    }

    zoomBy(factor) {
        const {left, top, width, height} = this.view.el.getBoundingClientRect();
        this.zoomTo(this.state.zoom * factor, {
            x: left + width / 2,
            y: top + height / 2,
        });
    }

    /** Zoom so that what is under a point of the screen stays there. */
    zoomTo(zoom, {x, y}) {
        const view = this.view.el;
        const {left, top} = view.getBoundingClientRect();
        const before = this.state.zoom;
        const after = clamped(zoom);
        const [inX, inY] = [view.scrollLeft + x - left, view.scrollTop + y - top];
        this.state.zoom = after;
        requestAnimationFrame(() =>
            view.scrollTo(
                (inX * after) / before - (x - left),
                (inY * after) / before - (y - top),
            ),
        );
    }

    onWheel(ev) {
        if (ev.ctrlKey || ev.metaKey) {
            ev.preventDefault();
            const factor = ev.deltaY < 0 ? STEP : 1 / STEP;
            this.zoomTo(this.state.zoom * factor, {x: ev.clientX, y: ev.clientY});
        }
    }

    onTouchMove(ev) {
        if (ev.touches.length !== 2) {
            this.pinch = null;
            return;
        }
        ev.preventDefault();
        const [a, b] = ev.touches;
        const length = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
        if (this.pinch) {
            this.zoomTo((this.state.zoom * length) / this.pinch, {
                x: (a.clientX + b.clientX) / 2,
                y: (a.clientY + b.clientY) / 2,
            });
        }
        this.pinch = length;
    }

    /** The ground can be dragged with a mouse; fingers scroll by themselves. */
    onPointerDown(ev) {
        if (ev.pointerType !== "mouse" || ev.button || !this.isGround(ev.target)) {
            return;
        }
        const view = this.view.el;
        const start = {x: ev.clientX + view.scrollLeft, y: ev.clientY + view.scrollTop};
        const move = ({clientX, clientY}) =>
            view.scrollTo(start.x - clientX, start.y - clientY);
        const stop = () => {
            window.removeEventListener("pointermove", move);
            window.removeEventListener("pointerup", stop);
        };
        window.addEventListener("pointermove", move);
        window.addEventListener("pointerup", stop);
    }

    isGround(target) {
        return !target.closest(".o_mini_crm_workflow_card, button");
    }

    onGroundClick(ev) {
        if (this.isGround(ev.target)) {
            this.model.selected = null;
        }
    }

    reveal(id) {
        if (id === null) {
            return;
        }
        const card = this.view.el.querySelector(`[data-node="${id}"]`);
        card?.scrollIntoView({block: "nearest", inline: "nearest"});
    }

    // Keyboard

    onKeydown(ev) {
        if (
            !ev.key.startsWith("Arrow") ||
            ev.target.closest("input, textarea, select")
        ) {
            return;
        }
        ev.preventDefault();
        const {cards} = this.layout;
        const {selected} = this.model;
        this.model.selected =
            selected === null
                ? cards[0].id
                : (cardBeside(cards, selected, ev.key) ?? selected);
    }
}
