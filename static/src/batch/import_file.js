import {Component, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {RPCError} from "@web/core/network/rpc";
import {useService} from "@web/core/utils/hooks";
import {downloadFile} from "@web/core/network/download";
import {getDataURLFromFile} from "@web/core/utils/urls";

const MAX_BYTES = 20_000_000;

/** Lines of a file as it could be, in the words of the user's language. */
const EXAMPLES = {
    customers: () => [
        _t("customer key,name,e-mail,phone,city,tags,customer since"),
        _t("1001,Sara Ahmadi,sara@example.com,+98 912 345 6789,Tehran,VIP,2024-03-20"),
        _t("1002,John Brown,john@example.com,+1 415 555 2671,London,,2025-01-15"),
    ],
    purchases: () => [
        _t("customer key,date,amount,currency,quantity,reference"),
        _t("1001,2026-01-31,120.50,EUR,1,A-1"),
        _t("1002,2026-02-03,75.00,EUR,2,A-2"),
    ],
};

/** First step: drop or pick a file. */
export class ImportFile extends Component {
    static template = "mini_crm.ImportFile";
    static props = {onRead: Function};

    setup() {
        this.orm = useService("orm");
        this.input = useRef("input");
        this.state = useState({over: false, reading: "", error: ""});
    }

    pick() {
        this.input.el.click();
    }

    onPicked(ev) {
        const [file] = ev.target.files;
        // So that the same file can be picked again after it was put right.
        const read = file && this.read(file);
        ev.target.value = "";
        return read;
    }

    onDragOver(ev) {
        ev.preventDefault();
        this.state.over = true;
    }

    onDrop(ev) {
        ev.preventDefault();
        this.state.over = false;
        const [file] = ev.dataTransfer.files;
        return file && this.read(file);
    }

    async read(file) {
        this.state.error = "";
        if (file.size > MAX_BYTES) {
            this.state.error = _t(
                "This file is too large: at most 20 MB. Split it into several files.",
            );
            return;
        }
        this.state.reading = file.name;
        try {
            const url = await getDataURLFromFile(file);
            const data = url.slice(url.indexOf(",") + 1);
            const read = await this.orm.call("mini_crm.import", "open_file", [
                file.name,
                data,
            ]);
            this.props.onRead(read);
        } catch (error) {
            this.state.error =
                error instanceof RPCError && error.data?.message
                    ? error.data.message
                    : _t(
                          "The file could not be read. Check your connection and try again.",
                      );
        } finally {
            this.state.reading = "";
        }
    }

    downloadExample(kind) {
        const text = `\ufeff${EXAMPLES[kind]().join("\r\n")}\r\n`;
        downloadFile(text, `${kind}.csv`, "text/csv;charset=utf-8");
    }
}
