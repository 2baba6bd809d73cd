"""Certificate authorities (证书签发机构), behind the one interface in `protocol`."""
