// What was typed into a note that does not exist yet is kept nowhere: ask before it is left.
const form = document.querySelector("form[data-warns]");
let changed = document.querySelector(".govuk-error-summary") !== null; // it came back as it was typed

form.addEventListener("input", () => { changed = true; });
window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

// Nothing is sent off into a dead network: the page that says so would stand in its place.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = form.querySelector("[data-unsent]");
  said.textContent = "";
  try {
    await fetch("/sign-in", { method: "HEAD", cache: "no-store" });
  } catch {
    said.textContent = "Not saved yet: Recorder did not answer. Keep this page open, and try again in a minute.";
    return;
  }
  changed = false;
  const { name, value } = event.submitter ?? {};
  if (name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  form.submit();
});
