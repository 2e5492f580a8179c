"""Tests of the charts: how they look, and when they are drawn."""
