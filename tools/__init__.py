"""Maintenance scripts: dependency audit, licences, generated documentation, label positions."""
