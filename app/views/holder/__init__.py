"""The holder's screen (持证人界面): a certificate's way onto a UKEY, and nothing else of the office (E3, E9)."""
