"""Charts look right and are drawn only when they must be."""
