"""The WSGI entry for any server; `seatwise web` serves it with waitress."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatwise.server.settings")
application = get_wsgi_application()
