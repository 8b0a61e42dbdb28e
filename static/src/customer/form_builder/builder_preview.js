import {Component, onWillStart, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {useService} from "@web/core/utils/hooks";
import {View} from "@web/views/view";

/** The real form of a customer, to look at: nothing in it can be changed. */
export class BuilderPreview extends Component {
    static template = "mini_crm.BuilderPreview";
    static components = {RecordSelector, View};
    static props = {
        // Renews the form when it changes.
        version: Number,
        view: Number,
        customer: {type: [Number, {value: false}]},
    };

    setup() {
        this.viewService = useService("view");
        this.placeholder = _t("Show another customer");
        this.state = useState({
            customer: this.props.customer,
            page: null,
            shown: this.props.version,
        });
        this.page = useRef("page");
        onWillStart(() => this.findPage());
        // By a state of its own: the editor does not wait until the form has loaded.
        useEffect(
            (version) => {
                if (version !== this.state.shown) {
                    this.renew(version);
                }
            },
            () => [this.props.version],
        );
        useEffect(
            () => this.scrollToFields(),
            () => [this.state.shown, this.state.customer],
        );
    }

    async renew(version) {
        await this.findPage();
        this.state.shown = version;
    }

    get viewProps() {
        return {
            type: "form",
            resModel: "res.partner",
            viewId: this.props.view,
            resId: this.state.customer,
            readonly: true,
            preventEdit: true,
            preventCreate: true,
            display: {controlPanel: false},
            context: {mini_crm_preview: true},
            state: {activeNotebookPages: this.state.page ? {0: this.state.page} : {}},
        };
    }

    /** The page of the form with the custom fields: that one is shown first. */
    async findPage() {
        const {views} = await this.viewService.loadViews(
            {
                context: {},
                resModel: "res.partner",
                views: [[this.props.view, "form"]],
            },
            {},
        );
        const arch = new DOMParser().parseFromString(views.form.arch, "text/xml");
        const page =
            arch.querySelector("page[name='mini_crm_custom_fields']") ||
            arch.querySelector("page[name='basic']");
        this.state.page = page?.getAttribute("name") || null;
    }

    /** The fields stand below the fold: scroll there as soon as the form has loaded. */
    scrollToFields() {
        const page = this.page.el;
        const observer = new MutationObserver(() => {
            const tabs = page.querySelector(".o_notebook_headers");
            if (tabs) {
                observer.disconnect();
                const gap = 8;
                const {top} = tabs.getBoundingClientRect();
                page.scrollTop += top - page.getBoundingClientRect().top - gap;
            }
        });
        observer.observe(page, {childList: true, subtree: true});
        return () => observer.disconnect();
    }

    /** Only the pages can be turned: the rest of the form is there to look at. */
    onClick(ev) {
        if (!ev.target.closest(".o_notebook_headers")) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }
}
