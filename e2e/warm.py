"""What every server of the stories would do first: compile the templates. Imported once, before servers are forked.

A page is compiled when it is first opened, and each story has a server of its own; compiled pages belong to the process.
"""

import tempfile
from pathlib import Path

from kinerja import create_app
from tests.plugins.app import settings_for


def compile_pages() -> None:
    folder = Path(tempfile.mkdtemp(prefix="kinerja-warm-"))
    app = create_app(settings_for("sqlite://", INSTANCE=folder, FILES=folder, DEMO=True, TRUSTED_PROXY=""))
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)


compile_pages()
