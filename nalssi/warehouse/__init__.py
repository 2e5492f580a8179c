"""The warehouse: a folder with a DuckDB database to write and a published copy to read.

- `warehouse_folder`: the files, the writer and the readers. It uses `published_copy`,
  `database_file` and `writer_lock`.
- `migrate`: tables and their changes (`migrations/`). `views`: the files in `views/`, `macros/`.
- `older_copies`: read published copies of older versions through these views.
- `load_parts`, `forget_documents`: add and remove data.
- `query`: a user's read-only SQL. `check_statement`, `query_limits`, `landlock`, `spill_folder`
  keep it safe; `result_formats` prints its rows. `named_queries`: the files in `queries/`.

This file imports only `warehouse_folder`, so that a query starts without a dataframe library.
"""

from nalssi.warehouse.warehouse_error import WarehouseError
from nalssi.warehouse.warehouse_folder import Warehouse

__all__ = ["Warehouse", "WarehouseError"]
