/* Small behaviours. Every page reads and works without them. Handlers listen on the document, so that parts that htmx
   brings in later behave like the rest. */
(() => {
  const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const root = document.documentElement;
  const say = (words) => { const s = $("#status"); if (s) { s.textContent = ""; requestAnimationFrame(() => (s.textContent = words)); } };

  // Theme: follows the system until a person chooses; the server reads the cookie, so nothing flashes.
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  const choose = (theme) => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `seatwise-theme=${theme}; path=/; samesite=lax; max-age=${theme ? 31536000 : 0}${secure}`;
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
  };
  document.addEventListener("submit", (e) => {
    if (!e.target.matches("[data-theme-form]")) return;
    e.preventDefault();
    const picked = $("input[name=theme]:checked", e.target);
    const theme = picked ? picked.value : dark() ? "light" : "dark";
    choose(theme === "system" ? "" : theme);
    say(theme === "system" ? "The theme follows your system" : `Switched to the ${theme} theme`);
  });
  document.addEventListener("change", (e) => {
    if (e.target.matches("[data-theme-form] input[name=theme]")) e.target.form.requestSubmit();
    if (e.target.matches("[data-submit]")) e.target.form.requestSubmit();
  });

  // Dialogs: <dialog> gives focus trap, Escape and an inert page for free.
  const openDialog = (d) => { if (d && !d.open) d.showModal(); };
  document.addEventListener("click", async (e) => {
    const opener = e.target.closest("[data-open]");
    if (opener && $(opener.dataset.open)) { e.preventDefault(); openDialog($(opener.dataset.open)); return; }
    const closer = e.target.closest("[data-close]");
    if (closer && closer.closest("dialog")) { e.preventDefault(); closer.closest("dialog").close(); return; }

    const copier = e.target.closest("[data-copy]");
    if (copier) {
      const f = $(copier.dataset.copy), text = f.value ?? f.textContent;
      try { await navigator.clipboard.writeText(text); } catch {
        if (f.select) f.select(); else getSelection().selectAllChildren(f);
        document.execCommand("copy");
      }
      const words = $("[data-copy-words]", copier) || copier, was = words.dataset.was || words.textContent;
      words.dataset.was = was; words.textContent = "Copied"; say("Copied to the clipboard");
      setTimeout(() => (words.textContent = was), 1600);
      return;
    }
    const reveal = e.target.closest("[data-reveal]");
    if (reveal) {
      const f = $(reveal.dataset.reveal), show = f.type === "password";
      f.type = show ? "text" : "password"; reveal.firstChild.textContent = show ? "Hide" : "Show"; reveal.setAttribute("aria-pressed", show);
      return;
    }
    const tab = e.target.closest("[role=tab][aria-controls]");
    if (tab) pick(tab);
    // Menus made of <details> close when one looks elsewhere.
    $$("details.menu[open]").forEach((m) => { if (!m.contains(e.target)) m.open = false; });
  });
  // Escape closes such a menu and gives the focus back to what opened it.
  document.addEventListener("keydown", (e) => {
    const menu = e.key === "Escape" && e.target.closest && e.target.closest("details.menu[open]");
    if (menu) { menu.open = false; $("summary", menu).focus(); }
  });
  const openFromAddress = () => { if (/^#[a-z][\w-]*$/i.test(location.hash)) { const d = $(location.hash); if (d && d.matches("dialog")) openDialog(d); } };
  addEventListener("hashchange", openFromAddress);

  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") $$("details.menu[open]").forEach((m) => { m.open = false; $("summary", m).focus(); });
    const list = e.target.closest && e.target.closest("[role=tablist]");
    if (!list) return;
    const tabs = $$("[role=tab]", list), i = tabs.indexOf(document.activeElement);
    const n = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[e.key];
    if (n === undefined || i < 0) return;
    e.preventDefault();
    const next = tabs[(n + tabs.length) % tabs.length];
    if (next.hasAttribute("aria-controls")) pick(next);
    next.focus();
  });

  // Tabs whose panels are on the page.
  function pick(tab) {
    $$("[role=tab]", tab.closest("[role=tablist]")).forEach((x) => {
      const on = x === tab, panel = document.getElementById(x.getAttribute("aria-controls"));
      x.setAttribute("aria-selected", on); x.tabIndex = on ? 0 : -1; if (panel) panel.hidden = !on;
    });
  }

  // Choosing one of several ways shows that way's fields and disables the others.
  const ways = (r) => $$("[data-methods]", r).forEach((set) => {
    const show = () => {
      const on = $("input:checked", set);
      $$("[data-method]", set.form || document).forEach((f) => { const is = on && f.dataset.method === on.value; f.hidden = !is; f.disabled = !is; });
    };
    if (!set.dataset.ready) { set.dataset.ready = "1"; set.addEventListener("change", show); }
    show();
  });

  const settle = (r) => { ways(r); $$("dialog[data-show]", r).forEach(openDialog); };
  settle(document); openFromAddress();
  document.addEventListener("htmx:afterSettle", (e) => settle(e.target));
  // A refusal comes with its own words; show them where the answer would have been.
  document.addEventListener("htmx:beforeSwap", (e) => { if ([400, 403, 404, 409, 422].includes(e.detail.xhr.status)) { e.detail.shouldSwap = true; e.detail.isError = false; } });

  // A notice that was read goes away; focus stays in the page.
  document.addEventListener("htmx:afterRequest", (e) => { if (e.target.closest && e.target.closest("[data-notice]") && e.detail.successful) $("#main").focus({ preventScroll: true }); });

  // Chart read-out: values come from the data table that sits under the chart.
  $$(".chart[data-table]").forEach((c) => {
    const rows = $$("tbody tr", $(c.dataset.table)).map((r) => [r.cells[0].textContent, +(r.cells[1].dataset.value || 0), r.cells[1].textContent]);
    const max = +c.dataset.max, hair = document.createElement("div"), tip = document.createElement("div");
    hair.className = "hair"; tip.className = "tip"; hair.append(tip); hair.hidden = true; c.append(hair);
    const at = (i) => {
      const [d, v, words] = rows[i], x = (i + 0.5) / rows.length;
      hair.hidden = false; hair.style.left = x * 100 + "%"; hair.style.setProperty("--y", (1 - v / max) * 100 + "%");
      hair.classList.toggle("flip", x > 0.7); tip.textContent = `${d}: ${words}`;
    };
    c.addEventListener("pointermove", (e) => { const b = c.getBoundingClientRect(); at(Math.max(0, Math.min(rows.length - 1, Math.floor(((e.clientX - b.left) / b.width) * rows.length)))); });
    c.addEventListener("pointerleave", () => (hair.hidden = true));
  });
})();
