// Ask before a page with unsaved words is left.
const form = document.querySelector("#edit");
let changed = form.querySelector(".govuk-error-message") !== null;
form.addEventListener("input", () => { changed = true; });
form.addEventListener("submit", () => { changed = false; });
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
