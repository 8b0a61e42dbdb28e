import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useCustomerPart} from "../shared/customer_bus";
import {eventLook} from "../shared/event_looks";
import {eventBadge, eventLines, formatAmount, groupByDay} from "./timeline_text";

const PAGE = 30;
const MOST_AT_ONCE = 200;

/** Everything that happened to a customer, newest first, page by page. */
export class Timeline extends Component {
    static template = "mini_crm.Timeline";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.endRef = useRef("end");
        this.state = useState({
            status: "loading",
            events: [],
            next: null,
            types: [],
            chosen: [],
            loadingMore: false,
        });
        this.look = eventLook;
        this.lines = eventLines;
        this.badge = eventBadge;
        useCustomerPart(
            this,
            (customerId) => this.load({customerId, chosen: []}),
            () => this.reload(),
        );
        useEffect(
            (end) => this.watchEnd(end),
            () => [this.endRef.el, this.state.next && this.state.next[1]],
        );
    }

    /** Load more when the end of the list comes near the screen. */
    watchEnd(end) {
        if (!end) {
            return undefined;
        }
        const observer = new IntersectionObserver(
            (entries) => entries.some((e) => e.isIntersecting) && this.loadMore(),
            {rootMargin: "300px"},
        );
        observer.observe(end);
        return () => observer.disconnect();
    }

    get days() {
        return groupByDay(this.state.events);
    }

    amount(event) {
        return event.amount === null ? "" : formatAmount(event.amount, event.currency);
    }

    fetch(customerId, cursor, limit) {
        const {chosen} = this.state;
        return this.orm.silent.call("res.partner", "get_timeline", [[customerId]], {
            cursor,
            types: chosen.length ? [...chosen] : null,
            limit,
        });
    }

    /** Show the first page of a customer, with the skeleton while waiting. */
    async load({
        customerId = this.props.record.resId,
        chosen = this.state.chosen,
    } = {}) {
        this.customerId = customerId;
        Object.assign(this.state, {status: "loading", events: [], next: null, chosen});
        await this.show(PAGE);
    }

    /** Show again what is shown, as it is now. */
    reload() {
        return this.show(
            Math.min(MOST_AT_ONCE, Math.max(PAGE, this.state.events.length)),
        );
    }

    async show(limit) {
        if (!this.customerId) {
            Object.assign(this.state, {
                status: "ready",
                events: [],
                next: null,
                types: [],
            });
            return;
        }
        let page;
        try {
            page = await this.keepLast.add(this.fetch(this.customerId, null, limit));
        } catch {
            this.state.status = "error";
            return;
        }
        Object.assign(this.state, {
            status: "ready",
            events: page.events,
            next: page.next,
            types: page.types,
            loadingMore: false,
        });
    }

    async loadMore() {
        if (this.state.loadingMore || !this.state.next) {
            return;
        }
        this.state.loadingMore = true;
        const {customerId} = this;
        const cursor = this.state.next;
        let page;
        try {
            page = await this.keepLast.add(this.fetch(customerId, [...cursor], PAGE));
        } catch {
            this.state.status = "error";
            this.state.loadingMore = false;
            return;
        }
        this.state.events.push(...page.events);
        this.state.next = page.next;
        this.state.loadingMore = false;
    }

    retry() {
        return this.load();
    }

    showAll() {
        return this.load({chosen: []});
    }

    toggleType(type) {
        const chosen = this.state.chosen.includes(type)
            ? this.state.chosen.filter((other) => other !== type)
            : [...this.state.chosen, type];
        return this.load({chosen});
    }
}

registry.category("view_widgets").add("mini_crm_timeline", {component: Timeline});
