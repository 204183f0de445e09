"""Official forms, spreadsheets and charts from plain data."""
