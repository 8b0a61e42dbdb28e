"""Export room: customers as a file, for people, for an import, or as a backup.

Owns: ``mini_crm.export.log`` (who has taken what, and when), the export wizard, the
kind ``export`` of batches.
Logs: nothing about customers; each export is a row of its own log.
Listens to: nothing.
Offers: ``mini_crm.export.log.start_export``, what outside programs and screens call.
Must not know: workflows.

The database writes the file: one SELECT makes the cells of a row in their final form
(``column_sql.py``, ``file_sql.py``, ``json_sql.py``) and COPY sends them, from one
snapshot, in little memory. A file is made whole before anything of it is sent: small
ones when they are fetched, larger ones by the worker of batches, kept for a day. Rights
are asked again at each door: the group "allowed to export", the record rules and fields
of who asked, and only he and administrators get the file.
"""

from . import mini_crm_export_log
from . import mini_crm_export_start
from . import mini_crm_export_columns
from . import mini_crm_export_file
from . import mini_crm_export_keep
from . import mini_crm_export_progress
from . import mini_crm_export_odoo
from . import mini_crm_batch
from . import mini_crm_segment
from . import mini_crm_tag_rule
