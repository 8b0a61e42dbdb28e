{
    "name": "Mini CRM",
    "summary": "Know your customers, see who drifts away, win them back",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Mini CRM contributors",
    "website": "https://github.com/mini-crm/mini_crm",
    "license": "LGPL-3",
    "depends": ["contacts", "mail", "utm", "phone_validation", "base_import"],
    "external_dependencies": {
        "python": ["phonenumbers", "persiantools"],
    },
    "data": [
        "security/mini_crm_groups.xml",
        "security/ir.model.access.csv",
        "security/mini_crm_security.xml",
        "data/mini_crm_score_factor_data.xml",
        "data/ir_cron_data.xml",
        "views/mini_crm_customer_views.xml",
        "views/mini_crm_event_views.xml",
        "views/mini_crm_purchase_views.xml",
        "views/mini_crm_batch_views.xml",
        "wizards/mini_crm_import_views.xml",
        "views/mini_crm_score_factor_views.xml",
        "views/mini_crm_score_setting_views.xml",
        "views/res_config_settings_views.xml",
        "views/mini_crm_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "mini_crm/static/src/shared/palette.scss",
            "mini_crm/static/src/**/*",
        ],
        "web.assets_tests": [
            "mini_crm/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "mini_crm/static/tests/**/*_test_helpers.js",
            "mini_crm/static/tests/**/*.test.js",
        ],
    },
    "post_init_hook": "post_init",
    "application": True,
}
