"""HTTP and htmx. Each module holds one blueprint, `blueprint`; this list is the whole surface of kinerja."""

from importlib import import_module

from flask import Flask

BLUEPRINTS = (
    "auth",
    "profile",
    "delegations",
    "activation",
    "home",
    "documents",
    "agreements",
    "dko",
    "lakin",
    "k3",
    "sheets",
    "matrices",
    "assignments",
    "cascading",
    "manuals",
    "library",
    "planning",
    "evidence",
    "team",
    "calibration",
    "units",
    "performance",
    "people",
    "accounts",
    "saved",
    "notices",
    "search",
    "forms",
    "admin",
    "periods",
    "roles",
    "importing",
    "structure",
    "data_reports",
    "trail",
    "rules",
    "help",
    "calendar",
    "demo",
)


def register(app: Flask) -> None:
    """Put the gate in front and register every blueprint."""
    from kinerja.views import errors, gate, shell, terms

    gate.init_app(app)
    shell.init_app(app)
    terms.init_app(app)
    errors.init_app(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f"kinerja.views.{name}").blueprint)
