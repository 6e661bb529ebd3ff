"""The planning template "Referenzkunden und Empfehlungen: Ansprache und Planung" (domain guide 4.2)."""
