// The secret of a link stands after the #, which browsers never send by themselves. Move it into
// the form, take it out of the address and the history, and send the form.
function enter() {
  const secret = window.location.hash.slice(1);
  if (!secret) return;
  window.history.replaceState(null, "", window.location.pathname);
  document.querySelector("#code").value = secret;
  document.querySelector("#sign-in").submit();
}

enter();
// A link opened while this page is showing changes only what stands after the #.
window.addEventListener("hashchange", enter);
