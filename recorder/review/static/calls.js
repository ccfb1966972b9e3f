// While a page is looked at, say soon that a young person asks for somebody. It names nobody here:
// whoever follows the link is told who. Without this script the next page tells it.
//
// It asks every few seconds, and holds no connection open: a browser has few of them for all its pages.
const EVERY_MS = 5_000;
const place = document.querySelector("[data-calls]");
const words = document.getElementById("called");
const shown = new Set([...document.querySelectorAll("[data-call]")].map((each) => each.dataset.call));

function show(ids) {
  const isNew = ids.some((id) => !shown.has(id));
  if (!isNew) place.replaceChildren();
  else if (!place.firstChild) place.append(words.content.cloneNode(true));
}

async function look() {
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await fetch(place.dataset.calls);
    if (answer.ok && !answer.redirected) show((await answer.json()).open);
  } catch {
    // The server or the network is away: asked again the next time.
  }
}

document.addEventListener("visibilitychange", look);
window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });
setInterval(look, EVERY_MS);
