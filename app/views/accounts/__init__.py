"""下级管理员: the management users of the next level (附件2)."""
