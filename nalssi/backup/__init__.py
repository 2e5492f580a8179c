"""Backups of a warehouse: a folder or a ZIP archive with a manifest, and what restores it.

- `make_backup` writes and verifies a backup, `restore_backup` restores it.
- `manifest` says what is in a backup: files with checksums, and the rows of each table.
- `backup_files` reads and writes folders and ZIP archives in the same way. `verify` compares a
  backup, or a restored warehouse, with its manifest.

A backup holds what cannot be made again: the published copy of the database, captured pages and the
log of captures, the source list, the alerts that were sent, and the files of official hours. It
does not hold the writer's database (the next run makes it from the published copy), staged parts,
charts and the gallery.
"""

from nalssi.backup.backup_error import BackupError
from nalssi.backup.make_backup import make_backup
from nalssi.backup.manifest import Manifest
from nalssi.backup.restore_backup import restore_backup
from nalssi.backup.verify import verify_backup

__all__ = ["BackupError", "Manifest", "make_backup", "restore_backup", "verify_backup"]
