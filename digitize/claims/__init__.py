"""Reported values held against what a picture shows."""
