"""The drawings of our icons: 24 × 24, strokes only."""

from __future__ import annotations

from typing import Final

ICONS: Final[dict[str, str]] = {
    "alert": '<path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.01"/>',
    "apps": '<rect x="4" y="4" width="6.5" height="6.5" rx="1.5"/>'
    '<rect x="13.5" y="4" width="6.5" height="6.5" rx="1.5"/>'
    '<rect x="4" y="13.5" width="6.5" height="6.5" rx="1.5"/>'
    '<rect x="13.5" y="13.5" width="6.5" height="6.5" rx="1.5"/>',
    "arrow-left": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "arrow-right": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4"/>',
    "building": '<path d="M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3"/>',
    "bulb": '<path d="M9 17c0-2.6-3-3.8-3-7.5a6 6 0 0 1 12 0c0 3.7-3 4.9-3 7.5zM9.5 20.5h5"/>',
    "calendar": '<rect x="4" y="5.5" width="16" height="15" rx="2"/><path d="M4 10h16M8.5 3v4M15.5 3v4"/>',
    "check": '<path d="M6 12.5l4 4 8-9"/>',
    "chevron": '<path d="M8 10l4 4 4-4"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "close": '<path d="M6 6l12 12M18 6 6 18"/>',
    "cloud": '<path d="M7 18h10a4 4 0 0 0 .6-7.95A6 6 0 0 0 6 9.6 4.3 4.3 0 0 0 7 18z"/>',
    "coins": '<circle cx="12" cy="12" r="8.5"/><path d="M14.8 9.2c-.5-1-1.5-1.5-2.8-1.5-1.6 0-2.8.8-2.8 2.1 '
    '0 3 5.8 1.5 5.8 4.5 0 1.3-1.2 2.1-3 2.1-1.5 0-2.7-.6-3.1-1.8M12 6v12"/>',
    "columns": '<rect x="4" y="5" width="16" height="14" rx="2"/><path d="M9.5 5v14M14.5 5v14"/>',
    "compass": '<circle cx="12" cy="12" r="8.5"/><path d="m15.5 8.5-2 5-5 2 2-5z"/>',
    "copy": '<rect x="8.5" y="8.5" width="11" height="11" rx="2"/><path d="M15.5 5.5v-1h-11v11h1"/>',
    "cube": '<path d="M12 3.5 20 8v8l-8 4.5L4 16V8z"/><path d="M12 12l8-4M12 12v8.5M12 12 4 8"/>',
    "down": '<path d="M12 5v13M7 13l5 5 5-5"/>',
    "download": '<path d="M12 4v11M7.5 11 12 15.5 16.5 11M4.5 20h15"/>',
    "edit": '<path d="M4 20h4L19 9l-4-4L4 16z"/>',
    "external": '<path d="M10 5H5v14h14v-5M14 5h5v5M19 5l-9 9"/>',
    "filter": '<path d="M4 6.5h16M7 12h10M10 17.5h4"/>',
    "gauge": '<path d="M4.5 18a9 9 0 1 1 15 0M12 14l4-4.5"/><circle cx="12" cy="14.5" r="1.5"/>',
    "guide": '<path d="M5 4h10a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h10"/>',
    "home": '<path d="M3 10.5 12 4l9 6.5V20h-6v-6H9v6H3z"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8v.01"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="M11 12l8.5-8.5M16 7l3 3"/>',
    "link": '<path d="M9.5 14.5l5-5M8 11l-2.5 2.5a3.5 3.5 0 0 0 5 5L13 16M16 13l2.5-2.5a3.5 3.5 0 0 0-5-5L11 8"/>',
    "lock": '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "log": '<path d="M6 3.5h9l4 4v13H6zM9.5 11h6M9.5 14.5h6M9.5 18h4M14.5 3.5V8H19"/>',
    "logout": '<path d="M14 4h5v16h-5M4 12h11M11 8l4 4-4 4"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z"/>',
    "people": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.6-3.6 3-5.5 6.5-5.5s5.9 1.9 6.5 5.5"/>'
    '<path d="M16 5a3.3 3.3 0 0 1 0 6.5M18.5 15c1.7.8 2.7 2.5 3 5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.7-4 3.5-6 7.5-6s6.8 2 7.5 6"/>',
    "plug": '<path d="M9 3v5M15 3v5M6.5 8h11v3.5a5.5 5.5 0 0 1-11 0zM12 17v4"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5"/>',
    "settings": '<circle cx="12" cy="12" r="3"/><path d="M12 3v2.5M12 18.5V21M3 12h2.5M18.5 12H21M5.6 5.6l1.8 1.8'
    'M16.6 16.6l1.8 1.8M18.4 5.6l-1.8 1.8M7.4 16.6l-1.8 1.8"/>',
    "shield": '<path d="M12 3.5 19 6v5.5c0 4.5-3 7.5-7 9-4-1.500-7-4.500-7-9V6z"/><path d="M9 12l2.2 2.2L15.500 10"/>',
    "stop": '<rect x="6" y="6" width="12" height="12" rx="2"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4'
    'M18.4 5.6 17 7M7 17l-1.4 1.4"/>',
    "sync": '<path d="M19.500 12a7.5 7.5 0 0 1-13.300 4.700M4.500 12'
    'a7.5 7.5 0 0 1 13.300-4.700M18 3.500v4h-4M6 20.500v-4h4"/>',
    "tag": '<path d="M4 4h7.5l8.5 8.5-7.5 7.5L4 11.5z"/><path d="M8 8v.01"/>',
    "trash": '<path d="M5 7h14M10 7V4.500h4V7M7 7l1 13h8l1-13M10.500 11v5.500M13.500 11v5.500"/>',
    "trend": '<path d="M3 17l6-6 4 4 8-9"/><path d="M15.5 6H21v5.5"/>',
    "up": '<path d="M12 19V6M7 11l5-5 5 5"/>',
}
