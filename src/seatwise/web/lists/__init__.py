"""List pages: declared once, and then searched, filtered, sorted, paged and exported by their address.

A page of people, whole::

    PEOPLE = ListPage(
        metric="people",
        key="user_id",
        noun=("person", "people"),
        icon="people",
        search="Search people or departments",
        sort="could_save_month",
        columns=(
            ListColumn("name", "Person", "person", sub="upn", is_fixed=True, files=("user_id", "name", "upn")),
            ListColumn("department", "Department", css="hide-sm"),
            ListColumn("n_seats", "Seats", "seats", first="down", files=("n_seats", "n_active", "n_idle")),
            ListColumn("last_used_at", "Last sign-in", "ago", first="down", css="hide-sm"),
            ListColumn("could_save_month", "Could save", "money", "a month", first="down", css="r", summed=True),
        ),
        filters=(
            ListFilter("kind", "Kind", "segments", values={"member": "Members", "guest": "Guests"}),
            ListFilter("department", "Department"),
            ListFilter("is_leaver", "Leavers", "check"),
            ListFilter("n_seats", "With seats", "check", op="from", value=1),
        ),
        legend=True,
    )

    @require_safe
    @page()
    def people(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
        return show(request, PEOPLE, "people/people.html", more=lambda: {"totals": asking.one(request, "totals")})

    @require_POST
    @page(right="export")
    def people_exported(request: Request, workspace: Workspace, **_: Any) -> HttpResponse:
        return send(request, PEOPLE)

with the addresses `people` and `people_export` (same place, `_export` behind the name), and the template::

    {% extends "base.html" %}{% load seatwise %}
    {% block title %}People{% endblock %}{% block heading %}People{% endblock %}
    {% block lead %}<p>One sentence that says what this is.</p>{% endblock %}
    {% block actions %}{% include "lists/_export.html" %}{% endblock %}
    {% block content %}{% include "lists/_page.html" %}{% endblock %}

`lists/_page.html` draws every state: nothing read yet, first sync, failed, empty, filtered to nothing, old, in part.
A page that shows figures above its list puts them in its own template and includes `lists/_list.html` after them::

    {% if list %}<section class="card" aria-label="Summary"><dl class="figures">
    <div class="figure"><dt>Could save each month</dt><dd>{% number totals "could_save_month" "totals" %}</dd></div>
    </dl></section>{% include "lists/_list.html" %}{% include "parts/_coverage.html" %}{% else %}
    {% include "lists/_nothing.html" %}{% endif %}

Numbers. `{% number row column metric key %}` writes a value with data-metric, data-column, data-key, data-value; cells
do so by themselves. A cell of another look is a function `(row, column, around) -> SafeString` given as `kind`.

Parts. `some(request, PAGE, where=…, limit=5)` gives the first rows without any toolbar, for `lists/_some.html`.
`asking.ask` and `asking.one` ask any other question of the page's workspace; `asking.about(answer)` gives what
`parts/_coverage.html` reads. No rows are loaded beyond the page: filters, order and paging are the question's.

The address. q, f_<column> (several times for several values, `-` for an empty cell), sort, way, cols, per, page,
microsoft; whatever else a page reads is named in `kept`, so that the list's links bring it along.
"""
