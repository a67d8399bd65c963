"""The WSGI entry for any server; `seatwise web` serves it with waitress."""

import os

from django.core.wsgi import get_wsgi_application

from seatwise.server import environment
from seatwise.server.front import Front

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatwise.server.settings")
application = Front(get_wsgi_application(), environment.trusted_proxies())
