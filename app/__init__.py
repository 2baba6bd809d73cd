"""Shiming (实名): real-name users, their forms and their certificates, for a province's education offices."""

__version__ = "0.1.0"
