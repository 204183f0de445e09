"""What every server of the stories would do first: compile the templates. Imported once, before servers are forked.

A page is compiled when it is first opened, and each story has a server of its own; compiled pages belong to the process.
"""

import tempfile
from pathlib import Path

from kinerja import create_app
from tests.plugins.app import settings_for


def compile_pages() -> None:
    with tempfile.TemporaryDirectory(prefix="kinerja-warm-") as name:
        folder = Path(name)
        app = create_app(
            settings_for("sqlite://", INSTANCE=folder, FILES=folder, DEMO=True, TRUSTED_PROXY="")
        )
        for template in app.jinja_env.list_templates(extensions=["html"]):
            app.jinja_env.get_template(template)


compile_pages()
