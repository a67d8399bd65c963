/* Files handed in on the page Coverage: what is chosen, and whether it is too large, is said before it travels.
   Without this the form works all the same. */
(() => {
  const size = (n) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))} KB` : `${(n / 1048576).toFixed(1)} MB`);
  const told = (form) => {
    const field = form.querySelector("input[type=file]"), error = form.querySelector(".error");
    const total = [...field.files].reduce((sum, file) => sum + file.size, 0), most = Number(form.dataset.upload);
    const isLarge = total > most;
    error.hidden = !isLarge;
    error.querySelector("span").textContent = isLarge
      ? `These files are ${size(total)} together, more than ${size(most)}. Hand them in one by one, packed, or on the command line.` : "";
    field.toggleAttribute("aria-invalid", isLarge);
    if (isLarge) { field.setAttribute("aria-invalid", "true"); field.setAttribute("aria-describedby", "files-help files-error"); }
    return !isLarge;
  };
  document.addEventListener("change", (e) => { if (e.target.matches("[data-upload] input[type=file]")) told(e.target.form); });
  document.addEventListener("submit", (e) => {
    const form = e.target.closest("[data-upload]");
    if (!form) return;
    if (!told(form)) { e.preventDefault(); form.querySelector("input[type=file]").focus(); return; }
    // Sending can take minutes; a second press would send everything twice.
    const button = form.querySelector("button");
    setTimeout(() => { button.disabled = true; button.textContent = "Sending the files"; });
  });
  for (const [name, is] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]])
    document.addEventListener(name, (e) => { if (e.target.matches && e.target.matches(".dropzone")) e.target.classList.toggle("is-over", is); });
})();
