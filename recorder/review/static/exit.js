// Leave at once: blank the page, end the session, and put another page in this one's place so that
// Back shows nothing. Without this script the link still leads away.
const exits = document.querySelectorAll("[data-exit]");
const TIMES = 3; // that Shift is pressed
const WITHIN = 5000; // ms
let pressed = [];

function blank() {
  document.body.replaceChildren();
  document.title = "";
}

function leave(exit) {
  blank();
  fetch("/sign-out", {
    method: "POST",
    body: new URLSearchParams({ csrf: exit.dataset.csrf }),
    keepalive: true,
  }).catch(() => {});
  window.location.replace(exit.href);
}

for (const exit of exits) {
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave(exit);
  });
}

document.addEventListener("keyup", ({ key, timeStamp }) => {
  pressed = key === "Shift" ? [...pressed.filter((at) => timeStamp - at < WITHIN), timeStamp] : [];
  if (pressed.length >= TIMES && exits.length > 0) leave(exits[0]);
});

// One page stands in another's place: the history holds one entry, however far somebody read.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='/']");
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!link || link.hasAttribute("download") || !plain || event.defaultPrevented) return;
  event.preventDefault();
  window.location.replace(link.href);
});

// What a browser keeps of a page that was left, to show it again at once, is empty.
window.addEventListener("pagehide", blank);
window.addEventListener("pageshow", ({ persisted }) => { if (persisted) window.location.reload(); });
