"""The application as a WSGI server wants it."""

from kinerja import create_app

app = create_app()
