"""Every page and export of a large company while a sync runs and twenty people click: how long each takes.

python -m bench.pages [--small] [--seconds N] [--keep FOLDER] [--write]
"""

from __future__ import annotations

import argparse
import http.client
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import company, report
from bench.company import AS_OF, SMALL, TENANT, Size
from seatwise.lake.places import Places
from tests.support.install import Install, free_port
from tests.support.sandbox import running_sandbox

SESSIONS, PAUSE_S = 20, 5.0
AIM_MS = 100
PAGES = {
    "overview": "",
    "apps": "apps/",
    "apps, searched": "apps/?q=App+7",
    "apps, page 5 by cost": "apps/?sort=cost_month&way=down&page=5",
    "app": "apps/{product}/",
    "people": "people/",
    "people, searched": "people/?q=Person+77",
    "people, last page": "people/?page={last}",
    "person": "people/{person}/",
    "teams": "teams/",
    "team": "teams/one/?team=Department+3",
    "licences": "licences/",
    "licence": "licences/sku-1/",
    "trends": "trends/",
    "movement": "trends/people/",
    "savings": "savings/",
    "savings by group": "savings/groups/",
    "savings by team": "savings/teams/",
    "savings, seats": "savings/seats/",
    "insights": "insights/",
    "discovery": "discovery/",
    "consents": "discovery/consents/",
    "coverage": "coverage/",
    "evidence": "evidence/{event}/",
    "decisions": "decisions/",
    "usage policy": "settings/policy/",
    "prices": "settings/prices/",
    "protected people": "settings/protected/",
}
EXPORTS = {
    "apps": "apps/",
    "app": "apps/{product}/",
    "people": "people/",
    "person": "people/{person}/",
    "teams": "teams/",
    "team": "teams/one/?team=Department+3",
    "licences": "licences/",
    "licence": "licences/sku-1/",
    "trends": "trends/",
    "movement": "trends/people/",
    "savings": "savings/",
    "savings by group": "savings/groups/",
    "savings by team": "savings/teams/",
    "savings, seats": "savings/seats/",
    "discovery": "discovery/",
    "consents": "discovery/consents/",
    "coverage": "coverage/",
}
"""The page whose list is exported."""


@dataclass
class Taken:
    """Milliseconds by page, what was refused, and the CPU seconds of the clients."""

    ms: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    cpu_s: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, name: str, seconds: float, status: int) -> None:
        with self.lock:
            self.ms.setdefault(name, []).append(1000 * seconds)
            if status != 200:
                self.wrong.append(f"{name}: {status}")


class Session:
    """One person's browser: one connection, one cookie jar."""

    def __init__(self, port: int, cookies: dict[str, str], home: str) -> None:
        self.connection = http.client.HTTPConnection("localhost", port, timeout=60)
        self.cookies, self.home, self.token = cookies, home, ""

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, bytes]:
        told = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": told, "Accept": "text/html"}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": self.home, "Origin": self.home}
        self.connection.request(method, path, body or None, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.split(";", 1)[0]
        return answer.status, content

    def get(self, path: str) -> tuple[int, bytes]:
        status, content = self.ask("GET", path)
        found = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', content)
        if found:
            self.token = found.group(1).decode()
        return status, content

    def export(self, path: str, form: str) -> tuple[int, bytes]:
        return self.ask("POST", path, f"csrfmiddlewaretoken={self.token}&format={form}")


def click(session: Session, paths: dict[str, str], ends: float, taken: Taken, seed: int) -> None:
    """One person: a page every five seconds, in an order of their own."""
    shuffled = random.Random(seed)  # noqa: S311  an order, not a secret
    time.sleep(shuffled.random() * PAUSE_S)
    names: list[str] = []
    while time.monotonic() < ends:
        if not names:
            names = list(paths)
            shuffled.shuffle(names)
        name = names.pop()
        began = time.monotonic()
        status, _ = session.get(paths[name])
        took = time.monotonic() - began
        taken.note(name, took, status)
        time.sleep(max(0.0, PAUSE_S - took))


def visit_all(told: dict[str, Any], install: Install, seconds: float, size: Size) -> tuple[Taken, Taken, Taken]:
    """First visits one after the other, then everybody at once, then every export once in each form."""
    last = (size.people + 24) // 25
    known = {"product": told["product"], "person": told["person"], "event": told["event"], "last": last}
    root = f"/w/{told['workspace']}/"
    paths = {name: root + path.format(**known) for name, path in PAGES.items()}
    sessions = [Session(install.port, cookies, install.home) for cookies in told["cookies"]]
    first, busy, files = Taken(), Taken(), Taken()
    for name, path in paths.items():
        began = time.monotonic()
        status, _ = sessions[0].get(path)
        first.note(name, time.monotonic() - began, status)
    ends, cpu = time.monotonic() + seconds, time.process_time()
    threads = [
        threading.Thread(target=click, args=(session, paths, ends, busy, n)) for n, session in enumerate(sessions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    busy.cpu_s = time.process_time() - cpu
    sessions[0].get(paths["apps"])
    for name, path in EXPORTS.items():
        for form in ("csv", "xlsx", "parquet"):
            began = time.monotonic()
            page, _, asked = (root + path.format(**known)).partition("?")
            status, _ = sessions[0].export(f"{page}export" + (f"?{asked}" if asked else ""), form)
            files.note(f"{name} as {form}", time.monotonic() - began, status)
    return first, busy, files


class Syncing:
    """A sync of another tenant that goes on as long as the pages are measured, again and again from nothing."""

    def __init__(self, folder: Path, sandbox: Any) -> None:
        self.folder, self.sandbox, self.n = folder, sandbox, 0
        self.is_over = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        from tests.support.product import product

        while not self.is_over.is_set():
            self.n += 1
            install = product(self.folder / f"sync{self.n}")
            install.connect(self.sandbox)
            words = install.command("sync", "--as-of", self.sandbox.as_of)
            self.process = subprocess.Popen(
                words, env=install.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            while self.process.poll() is None and not self.is_over.is_set():
                time.sleep(0.2)
            if self.process.poll() is None:
                self.process.terminate()
                self.process.wait()

    def __enter__(self) -> Syncing:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.thread.join()


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def shown(first: Taken, busy: Taken, files: Taken, head: str) -> str:
    rows = [
        [
            name,
            f"{first.ms[name][0]:,.0f}",
            str(len(busy.ms.get(name, []))),
            f"{sorted(found)[len(found) // 2]:,.0f}" if (found := busy.ms.get(name, [])) else "–",
            f"{p95(found):,.0f}" if found else "–",
            "yes" if found and p95(found) <= AIM_MS else "no",
        ]
        for name in PAGES
    ]
    every = [value for values in busy.ms.values() for value in values]
    rows.append(["**all**", "", str(len(every)), f"{sorted(every)[len(every) // 2]:,.0f}", f"{p95(every):,.0f}", ""])
    pages = report.table(["page", "first visit, ms", "visits", "median, ms", "p95, ms", f"within {AIM_MS} ms"], rows)
    exports = report.table(["export", "ms"], [[name, f"{values[0]:,.0f}"] for name, values in files.ms.items()])
    wrong = sorted({*first.wrong, *busy.wrong, *files.wrong})
    refused = f"\n\nNot answered with 200: {', '.join(wrong)}." if wrong else ""
    return f"{head}\n\n{pages}\n\nOne export after the other, the whole list each:\n\n{exports}{refused}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of the people and apps, for a quick run")
    parser.add_argument("--seconds", type=float, default=120.0, help="how long everybody clicks")
    parser.add_argument("--keep", type=Path, help="folder to keep the lake in, used again when it is there")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    options = parser.parse_args()
    size, begun = SMALL if options.small else Size(), report.Begun()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        data = options.keep or folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        places = Places(data, TENANT)
        if not places.table("published").exists():
            company.write_lake(places, size)
        for old in data.glob("seatwise.sqlite3*"):
            old.unlink()
        print("  the lake is there", file=sys.stderr)
        now = AS_OF.strftime("%Y-%m-%dT%H:%M:%SZ")
        env = {"SEATWISE_NOW": now, "SEATWISE_LOG": "WARNING"}
        install = Install(data, env, free_port())
        install.data.parent.mkdir(parents=True, exist_ok=True)
        install.start()
        try:
            told = company.ready(install, SESSIONS)
            print("  members are signed in", file=sys.stderr)
            users = 200 if options.small else 2_000
            with (
                running_sandbox(users=users, apps=100, seed=3, limits="off") as sandbox,
                Syncing(folder, sandbox) as syncing,
            ):
                first, busy, files = visit_all(told, install, options.seconds, size)
            used = [(p.name(), p.memory_info().rss / 2**20, sum(p.cpu_times()[:2])) for p in install.processes()]
        finally:
            install.stop()
    memory = max(rss for _, rss, _ in used)
    head = (
        f"{size.people:,} people, {size.apps:,} apps, {size.sign_ins:,} sign-ins of {size.days} days;"
        f" {SESSIONS} sessions, each a page every {PAUSE_S:.0f} s for {options.seconds:.0f} s, while a sync of another"
        f" tenant runs ({syncing.n} begun). The clients took {busy.cpu_s:.1f} CPU s of it;"
        f" the largest process of the install held {memory:,.0f} MiB."
    )
    text = shown(first, busy, files, head)
    print(text)
    if options.write:
        words = " --small" if options.small else ""
        report.write("pages", "Pages", f"python -m bench.pages{words} --write", text, begun)


if __name__ == "__main__":
    main()
