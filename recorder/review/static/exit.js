// Leave at once: blank the page, end the session, and put another page in this one's place so that
// Back shows nothing. Without this script the link still leads away.
const exit = document.querySelector("[data-exit]");
exit.addEventListener("click", (event) => {
  event.preventDefault();
  document.body.replaceChildren();
  document.title = "";
  fetch("/sign-out", {
    method: "POST",
    body: new URLSearchParams({ csrf: exit.dataset.csrf }),
    keepalive: true,
  }).catch(() => {});
  window.location.replace(exit.href);
});
