// Say to the server which sentences were played to their end, where somebody has to hear them
// before they approve a note. Counted is what the player really played, with its sound on.
const media = document.querySelector("[data-player] audio, [data-player] video");
const page = document.querySelector("[data-unheard]");
const csrf = document.querySelector('input[name="csrf"]')?.value;
const SLACK = 0.4; // seconds that may be missing at an end or in between
const LONGEST = 2; // seconds between two looks at the player, on a busy machine

const waiting = new Map(); // by sentence: where its words are said
for (const place of document.querySelectorAll("[data-listen]")) {
  const buttons = place.parentElement.querySelectorAll(":scope > .app-sentence__foot [data-play]");
  const spans = [...buttons].map(({ dataset }) => ({
    recording: dataset.play,
    start: Number(dataset.start) / 1000,
    end: Number(dataset.end) / 1000,
  }));
  if (spans.length) waiting.set(place.dataset.listen, { place, spans });
}

const played = new Map(); // by recording: [start, end] in seconds, joined
let last = null; // where the player was at the last look; null when it did not play

function add(recording, start, end) {
  const apart = [];
  for (const each of played.get(recording) ?? []) {
    if (each[1] < start - SLACK / 4 || each[0] > end + SLACK / 4) apart.push(each);
    else [start, end] = [Math.min(start, each[0]), Math.max(end, each[1])];
  }
  played.set(recording, [...apart, [start, end]]);
}

function wasPlayed({ recording, start, end }) {
  const slack = Math.min(SLACK, (end - start) / 4);
  return (played.get(recording) ?? []).some(([a, b]) => a <= start + slack && b >= end - slack);
}

function otherwise(id) {
  const other = document.querySelector(`[data-listen-other="${CSS.escape(id)}"]`);
  other?.classList.add("app-listen__other--shown");
}

function done(id, place, { said }) {
  place.textContent = said;
  place.className = "app-listen app-quiet";
  document.querySelector(`[data-listen-other="${CSS.escape(id)}"]`)?.remove();
  page.querySelector(`[data-still="${CSS.escape(id)}"]`)?.remove();
  if (page.querySelector("[data-still]")) return;
  page.hidden = true;
  document.querySelector("[data-approve]").hidden = false;
  const all = document.querySelector("[data-all-heard]");
  all.textContent = all.dataset.allHeard;
}

async function tell(id, { place, spans }) {
  waiting.delete(id);
  const { note, number } = page.dataset;
  try {
    const answer = await fetch(`/api/notes/${note}/heard`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
      body: JSON.stringify({ number: Number(number), statement: id }),
    });
    const said = await answer.json();
    if (answer.ok) {
      done(id, place, said);
      return;
    }
    place.querySelector("[data-said]").textContent = said.problem;
  } catch {
    place.querySelector("[data-said]").textContent =
      "It could not be kept that you listened: the connection is away. Play it once more.";
  }
  // To be heard anew: nothing of it counts any more.
  for (const { recording } of spans) played.delete(recording);
  waiting.set(id, { place, spans });
}

function look() {
  const { currentTime: now, playbackRate, seeking, muted, volume } = media;
  const audible = !muted && volume > 0;
  if (last !== null && !seeking && audible && now > last && now - last < LONGEST * playbackRate) {
    add(media.dataset.recording, last, now);
    for (const [id, each] of waiting) if (each.spans.every(wasPlayed)) tell(id, each);
  }
  last = seeking || media.paused ? null : now;
}

if (media && page) {
  for (const name of ["timeupdate", "playing", "pause", "ended", "spanend"]) {
    media.addEventListener(name, look);
  }
  for (const name of ["seeking", "emptied", "loadstart"]) {
    media.addEventListener(name, () => { last = null; });
  }
  media.addEventListener("seeked", () => { last = media.paused ? null : media.currentTime; });
  media.addEventListener("error", () => { for (const id of waiting.keys()) otherwise(id); });
}
