"""The warehouse: a folder with one DuckDB file to write and a published copy to read.

`store` has the folder, its writer and its readers; `load` brings staged parts in; `query` runs
a user's read-only SQL; `views/` and `queries/` hold the SQL that people ask with. Nothing is
imported here but the folder, so that a query starts without a dataframe library.
"""

from nalssi.warehouse.warehouse_error import WarehouseError
from nalssi.warehouse.warehouse_folder import Warehouse

__all__ = ["Warehouse", "WarehouseError"]
