-- What a copy of the database must not do: Odoo runs this file when it neutralises one.
-- Odoo's own add-ons have their files for it: mail servers, scheduled actions (ours among
-- them), webhooks, push messages. Of ours, channels send.
--
-- For rooms to come: switch off here what sends, forget its tokens, and write no line that
-- fails in a database which lacks your table: a copy may be older than this file.

-- The copy is not found under the shop's address, and says so in no link.
DELETE FROM ir_config_parameter WHERE key = 'web.base.url.freeze';
UPDATE ir_config_parameter SET value = 'http://localhost:8069' WHERE key = 'web.base.url';

-- The runner's mark of what is installed: the next start updates the copy.
DELETE FROM ir_config_parameter WHERE key = 'mini_crm.installed_digest';

-- Its channels are off, and their tokens forgotten: the original goes on with them.
DO $$ BEGIN
    IF to_regclass('mini_crm_channel_secret') IS NOT NULL THEN
        DELETE FROM mini_crm_channel_secret;
        UPDATE mini_crm_channel SET state = 'off'
        WHERE state IN ('live', 'broken') AND type IN ('telegram', 'instagram');
    END IF;
END $$;

-- What waited is not sent from here. Whether a message that was just being sent has
-- arrived, only the original finds out.
DO $$ BEGIN
    IF to_regclass('mini_crm_outbox') IS NOT NULL THEN
        DELETE FROM mini_crm_outbox;
        UPDATE mini_crm_message SET deferred_until = NULL,
            reason = CASE state WHEN 'sending' THEN 'uncertain' END,
            state = CASE state WHEN 'sending' THEN 'uncertain' ELSE 'cancelled' END
        WHERE direction = 'out' AND state IN ('queued', 'sending');
    END IF;
END $$;

-- E-mails of workflows that waited go out from the original only.
DO $$ BEGIN
    IF to_regclass('mini_crm_workflow_mail') IS NOT NULL THEN
        DELETE FROM mini_crm_workflow_mail;
    END IF;
END $$;

-- Webhooks that waited are told by the original only, which keeps its secret.
DO $$ BEGIN
    IF to_regclass('mini_crm_workflow_call') IS NOT NULL THEN
        UPDATE mini_crm_workflow_call SET state = 'failed', problem = 'copied',
            claimed_at = NULL
        WHERE state = 'waiting';
    END IF;
    IF to_regclass('mini_crm_webhook_secret') IS NOT NULL THEN
        DELETE FROM mini_crm_webhook_secret;
    END IF;
END $$;
