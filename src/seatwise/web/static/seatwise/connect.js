/* The trip to Microsoft and back: a pop-up opened at the click, the page that waits for it, and the pop-up's last page,
   which says that it is done and closes. Without a script, or when pop-ups are blocked, the same trip fills the page. */
(() => {
  const NAME = "seatwise-connect";
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;

  // The pop-up's last page.
  const done = document.querySelector("[data-done]");
  if (done) {
    const told = { attempt: done.dataset.done };
    if (channel) channel.postMessage(told);
    if (window.opener && !window.opener.closed) window.opener.postMessage({ seatwise: told }, location.origin);
    window.close();
    return;
  }

  // Opened synchronously, since browsers allow it only while the click is being handled; it gets its address when the
  // server has made the attempt.
  let popUp = null;
  const shut = () => { if (popUp && !popUp.closed) popUp.close(); popUp = null; };
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (!form.matches("[data-connect]")) return;
    const way = form.querySelector("input[name=method]:checked");
    if (!way || way.value !== "oauth2" || form.querySelector("[name=registration_id]")) return;
    const left = Math.max(0, Math.round(screenX + (outerWidth - 520) / 2)), top = Math.max(0, Math.round(screenY + (outerHeight - 700) / 2));
    popUp = window.open("", NAME, `popup,width=520,height=700,left=${left},top=${top}`);
    if (popUp && popUp.closed) popUp = null; // how some blockers say no
  }, true);

  document.addEventListener("htmx:afterSwap", () => {
    const waiting = document.querySelector("[data-start]");
    if (!waiting) { shut(); return; }
    if (waiting.dataset.begun) return;
    waiting.dataset.begun = "1";
    // Blocked: the same trip in this page. Closed meanwhile by the person: nothing, the panel offers it again.
    if (!popUp) location.assign(waiting.dataset.start);
    else if (!popUp.closed) popUp.location.replace(waiting.dataset.start + "?as=pop-up");
  });
  document.addEventListener("htmx:sendError", shut);

  // Where to go on: the chosen way, the first field that is wrong, or the words of a refusal. Not the autofocus
  // attribute, which browsers refuse with a message once something has the focus.
  const lead = (root) => { const f = root.querySelector("[data-focus]"); if (f) f.focus(); };
  document.addEventListener("htmx:afterSettle", (e) => lead(e.target));
  lead(document);

  // One secret at a time: browsers write a warning when a form holds two of them. The field of the way that is not
  // chosen is hidden and disabled, and becomes a secret when it is shown.
  document.addEventListener("change", (e) => {
    if (!e.target.matches("[data-methods] input[name=method]")) return;
    const secrets = [...e.target.form.querySelectorAll("[data-secret]")];
    const isShown = (f) => f.closest("[data-method]").dataset.method === e.target.value;
    secrets.filter((f) => !isShown(f)).forEach((f) => (f.type = "text"));
    secrets.filter(isShown).forEach((f) => (f.type = "password"));
  });

  // Scripts to paste: one at a time, by tab.
  document.querySelectorAll("[data-paste]").forEach((panel) => {
    panel.hidden = document.getElementById(panel.getAttribute("aria-labelledby")).getAttribute("aria-selected") !== "true";
  });

  const heard = (told) => {
    const waiting = document.querySelector("[data-attempt]");
    if (!waiting || !told || told.attempt !== waiting.dataset.attempt) return;
    document.body.dispatchEvent(new CustomEvent("seatwise-done"));
  };
  if (channel) channel.addEventListener("message", (e) => heard(e.data));
  addEventListener("message", (e) => { if (e.origin === location.origin && e.data) heard(e.data.seatwise); });

  // A dialog that was closed leaves nothing behind, so that no half-finished attempt keeps asking.
  document.addEventListener("close", (e) => { if (e.target.id === "connect") { shut(); e.target.remove(); } }, true);
})();
