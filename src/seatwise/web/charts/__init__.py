"""Charts drawn here as SVG: sizes in percent, no inline style, each with its sentence and its numbers as a table.

A page makes one with `daily`, `lines` or `months` and shows it with `{% include "charts/_chart.html" with chart=… %}`;
`trend` is the small one inside a row. Rows come straight from the metrics `usage-days` and `usage-months`.
"""

from seatwise.web.charts.daily import daily
from seatwise.web.charts.lines import lines, months
from seatwise.web.charts.shapes import Chart, Line
from seatwise.web.charts.trend import trend

__all__ = ["Chart", "Line", "daily", "lines", "months", "trend"]
