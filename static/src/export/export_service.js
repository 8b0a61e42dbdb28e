import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatInteger} from "@web/views/fields/formatters";
import {awaited, fetchFile} from "./fetch_file";

/** Tells whoever has asked for an export that the file is there, wherever he is. */
export const exportService = {
    dependencies: ["bus_service", "notification"],
    start(env, {bus_service: bus, notification}) {
        bus.subscribe("mini_crm_export_done", ({id, name, count}) => {
            if (awaited.has(id)) {
                return;
            }
            const close = notification.add(
                _t("%(count)s customers are in the file %(name)s.", {
                    count: formatInteger(count),
                    name,
                }),
                {
                    type: "success",
                    sticky: true,
                    buttons: [
                        {
                            name: _t("Download"),
                            primary: true,
                            onClick: () => {
                                close();
                                fetchFile(`/mini_crm/export/${id}`);
                            },
                        },
                    ],
                },
            );
        });
    },
};

registry.category("services").add("mini_crm_export", exportService);
