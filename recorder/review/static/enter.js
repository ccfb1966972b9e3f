// The secret of an invitation stands after the #, which browsers never send by themselves. Move it
// into the form, and take it out of the address and the history.
const form = document.querySelector("#enter");

function keep() {
  const secret = window.location.hash.slice(1);
  if (secret) {
    window.history.replaceState(null, "", window.location.pathname);
    form.elements.secret.value = secret;
  }
  const there = form.elements.secret.value !== "";
  form.hidden = !there;
  document.querySelector("[data-without]").hidden = there;
}

keep();
// A link opened while this page is showing changes only what stands after the #.
window.addEventListener("hashchange", keep);
