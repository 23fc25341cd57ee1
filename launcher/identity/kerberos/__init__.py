"""The officer's Kerberos ticket: obtained from the password of the sign-in, shown to hosts, renewed and destroyed."""

from launcher.identity.kerberos.cache import Ticket, TicketCache, speaks_kerberos

__all__ = ["Ticket", "TicketCache", "speaks_kerberos"]
