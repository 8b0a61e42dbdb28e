import {
    Component,
    onMounted,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
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
        // On a phone the preview is a tab, and out of sight on the other one.
        tab: String,
    };

    setup() {
        this.placeholder = _t("Show another customer");
        this.state = useState({
            customer: this.props.customer,
            shown: this.props.version,
        });
        this.page = useRef("page");
        // By a state of its own: the editor does not wait until the form has loaded.
        useEffect(
            (version) => {
                this.state.shown = version;
            },
            () => [this.props.version],
        );
        useEffect(
            () => this.scrollToFields(),
            () => [this.props.tab],
        );
        // The form comes when it has loaded, and another one after each change.
        const observer = new MutationObserver(() => this.showFields());
        onMounted(() => {
            observer.observe(this.page.el, {childList: true, subtree: true});
            this.showFields();
        });
        onWillUnmount(() => observer.disconnect());
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
        };
    }

    /** Turn a new form to the page of the custom fields, and scroll there. */
    showFields() {
        const page = this.page.el;
        const tabs = page.querySelector(".o_notebook_headers");
        if (!tabs || tabs === this.turned) {
            return;
        }
        this.turned = tabs;
        tabs.querySelector("[name='mini_crm_custom_fields']")?.click();
        // The page of the notebook must have its height before it can be scrolled to.
        requestAnimationFrame(() => this.scrollToFields());
    }

    scrollToFields() {
        const page = this.page.el;
        if (page && this.turned) {
            const {top} = this.turned.getBoundingClientRect();
            page.scrollTop += top - page.getBoundingClientRect().top;
        }
    }

    /** Only the pages can be turned: the rest of the form is there to look at. */
    onClick(ev) {
        if (!ev.target.closest(".o_notebook_headers")) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }
}
