"""What is kept. Importing the package registers every table."""

from app.models import accounts, applications, audit, certificates, office, org, ukey_library
from app.models.base import Base

__all__ = ["Base", "accounts", "applications", "audit", "certificates", "office", "org", "ukey_library"]
