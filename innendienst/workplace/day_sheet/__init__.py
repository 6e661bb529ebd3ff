"""Mein Tag as a workbook: taken along, filled in with results, given back, each row logged once."""
