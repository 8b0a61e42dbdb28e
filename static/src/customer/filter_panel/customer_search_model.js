import {browser} from "@web/core/browser/browser";
import {Domain} from "@web/core/domain";
import {SearchModel} from "@web/search/search_model";

const KEPT = "mini_crm_filter_panel";
// The address with which the page was loaded: a reload shows again what was applied
// there, a click in the menu begins anew.
let loadedAt = browser.location.pathname;

/** The search of customers, with what the filter panel has applied as one facet. */
export class CustomerSearchModel extends SearchModel {
    async load(config) {
        await super.load(config);
        if (!config.state) {
            this._restorePanel();
        }
        this.addEventListener("update", () => this._keepPanel());
    }

    /** The panel's facet: its search item, or undefined. */
    get panelItem() {
        return this._activeItems().find((item) => item.isFilterPanel);
    }

    /** What the panel shows: its facet, else the favorite that is on. */
    get panelSource() {
        return (
            this.panelItem ||
            this._activeItems().find((item) => item.type === "favorite")
        );
    }

    /**
     * The domain of a search item, with what it says about the user filled in.
     *
     * @param {Object} item
     * @returns {Array}
     */
    domainOfItem(item) {
        return new Domain(item.domain).toList(this.domainEvalContext);
    }

    /**
     * Everything that is searched for but one item.
     *
     * @param {Object | undefined} item
     * @returns {Array} domain
     */
    domainBeside(item) {
        const {query} = this;
        this.query = query.filter(({searchItemId}) => searchItemId !== item?.id);
        try {
            return this._getDomain();
        } finally {
            this.query = query;
        }
    }

    /**
     * Apply what was chosen in the panel, in place of what it showed.
     *
     * @param {Array} domain empty: nothing is chosen
     * @param {string[]} phrases what is chosen, in words
     * @param {Object | undefined} replaced search item that the panel showed
     */
    applyPanel(domain, phrases, replaced) {
        this.blockNotification = true;
        if (replaced) {
            this._takeOut(replaced);
        }
        if (domain.length) {
            this._addPanel({domain: new Domain(domain).toString(), phrases});
        }
        this.blockNotification = false;
        return this._notify();
    }

    _activeItems() {
        return this.query.map(({searchItemId}) => this.searchItems[searchItemId]);
    }

    _addPanel({domain, phrases}) {
        this.createNewFilters([
            {
                description: phrases.join(" · "),
                tooltip: phrases.join("\n"),
                phrases,
                domain,
                invisible: "True",
                isFilterPanel: true,
            },
        ]);
    }

    _takeOut(item) {
        const groupBys = item.type === "favorite" ? item.groupBys : [];
        this.deactivateGroup(item.groupId);
        if (item.isFilterPanel) {
            delete this.searchItems[item.id];
        }
        for (const groupBy of groupBys) {
            const [fieldName, interval] = groupBy.split(":");
            this.createNewGroupBy(fieldName, {interval, invisible: true});
        }
    }

    // Over a reload

    _keepPanel() {
        const {panelItem} = this;
        if (!panelItem) {
            browser.sessionStorage.removeItem(KEPT);
            return;
        }
        const {domain, phrases} = panelItem;
        const path = browser.location.pathname;
        browser.sessionStorage.setItem(KEPT, JSON.stringify({path, domain, phrases}));
    }

    _restorePanel() {
        const kept = JSON.parse(browser.sessionStorage.getItem(KEPT) || "null");
        if (kept && loadedAt && loadedAt.startsWith(kept.path)) {
            this.blockNotification = true;
            this._addPanel(kept);
            this.blockNotification = false;
            this._reset();
        } else {
            browser.sessionStorage.removeItem(KEPT);
        }
        loadedAt = null;
    }
}
