// The secret of a link stands after the #, which browsers never send by themselves. Move it into
// the form, take it out of the address and the history, and send the form.
const secret = window.location.hash.slice(1);
if (secret) {
  window.history.replaceState(null, "", window.location.pathname);
  document.querySelector("#code").value = secret;
  document.querySelector("#sign-in").submit();
}
