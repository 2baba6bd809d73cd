"""The settings of this computer, and the office's UKEY libraries."""
