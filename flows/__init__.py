"""Orchestration: Prefect flows and tasks. No parsing, SQL or drawing in here."""
