// While this page is looked at, keep what it says of recordings on their way as it is now, and say
// when one has come or gone. Without this script it says how things were when it was opened.
const news = document.querySelector("[data-progress]");
const stages = JSON.parse(news.dataset.stages);
const places = new Map();
for (const place of document.querySelectorAll("[data-on-the-way]")) {
  places.set(place.dataset.onTheWay, place);
}

function soFar({ percent, left_minutes: minutes }) {
  if (percent === null) return "";
  if (minutes === null) return `: ${percent} %`;
  return `: ${percent} %, about ${minutes} ${minutes === 1 ? "minute" : "minutes"} left`;
}

// What is on its way now, as far as the server has told since the connection was opened.
const now = new Map();

function show({ changed, gone }) {
  for (const id of gone) now.delete(id);
  for (const [id, each] of Object.entries(changed)) now.set(id, each);
  for (const [id, place] of places) {
    const each = now.get(id);
    place.textContent = each ? stages[each.state] + soFar(each) : "Not on its way any more";
  }
  // One has come that is not on this page, or one of this page has become a note or was set aside.
  news.hidden = now.size === places.size && [...now.keys()].every((id) => places.has(id));
}

let source = null;

// A page that nobody looks at asks for nothing.
function listen() {
  source?.close();
  source = null;
  if (document.visibilityState !== "visible") return;
  source = new EventSource(news.dataset.progress);
  source.addEventListener("open", () => now.clear());
  source.addEventListener("message", (event) => show(JSON.parse(event.data)));
}

document.addEventListener("visibilitychange", listen);
window.addEventListener("pagehide", () => source?.close());
window.addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
listen();
