"""The planning template "Innendienst aktiv in den Verkauf einbinden" (domain guide 4.1)."""
