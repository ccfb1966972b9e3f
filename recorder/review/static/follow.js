// While something is played, mark in what was said where it is, and keep that in view. A press on a
// word plays from there. Without this script it is read as it stands.
const media = document.querySelector("[data-player] audio, [data-player] video");
const beside = document.querySelector("[data-beside]");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const wide = window.matchMedia("(min-width: 48.0625em)");
const BEFORE = 0.15; // seconds: a word is marked a moment before it is said, never after

// A line is in one file of a film, or runs on into the next: then it is here twice.
const lines = []; // in seconds of the file; `gone` ms of the line's words lie in the file before
for (const place of document.querySelectorAll(".app-transcript > li")) {
  let gone = 0;
  for (const { dataset } of place.querySelectorAll(":scope > [data-play]")) {
    const [start, end] = [Number(dataset.start), Number(dataset.end)];
    lines.push({ place, recording: dataset.play, start: start / 1000, end: end / 1000, gone });
    gone += end - start;
  }
}

const known = new Map();

// The words of a line as the page shows them, each with its moment in the line (ms).
function wordsOf(place) {
  if (known.has(place)) return known.get(place);
  const found = [];
  known.set(place, found);
  const said = place.querySelector("[data-said]");
  if (!said) return found;
  const times = said.dataset.said.split(" ");
  const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const { currentNode: text } = walker;
    if (!text.parentElement.closest(".govuk-visually-hidden")) texts.push(text);
  }
  for (const text of texts) {
    const made = text.data.split(/(\s+)/).map((part) => {
      if (!part.trim()) return document.createTextNode(part);
      const word = document.createElement("span");
      word.textContent = part;
      word.className = "app-word";
      // Words that a person put in have no moment of their own: they go with the one before.
      const at = times.shift() ?? "-";
      if (at !== "-") found.push({ word, at: Number(at) });
      return word;
    });
    text.replaceWith(...made);
  }
  return found;
}

let here = null; // the line
let marked = null; // the word

function inView(place, box) {
  const inner = place.getBoundingClientRect();
  const outer = box?.getBoundingClientRect() ?? { top: 0, bottom: window.innerHeight };
  return inner.top >= outer.top && inner.bottom <= outer.bottom;
}

// Whoever scrolled away to read something else is left there.
function keepInView(place, before) {
  const box = place.closest("[data-scrolls]");
  if (!place.offsetParent || inView(place, box) || (before && !inView(before, box))) return;
  const behavior = calm.matches ? "auto" : "smooth";
  if (!box) {
    place.scrollIntoView({ block: "center", behavior });
    return;
  }
  const top = place.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTo({ top: box.scrollTop + top - box.clientHeight / 3, behavior });
}

function turnTo(line) {
  const before = here?.place;
  before?.classList.remove("app-here");
  before?.removeAttribute("aria-current");
  here = line;
  if (!line) return;
  line.place.classList.add("app-here");
  line.place.setAttribute("aria-current", "true");
  keepInView(line.place, before);
}

function look() {
  const { recording } = media.dataset;
  const at = media.currentTime + BEFORE;
  const line = lines.find((e) => e.recording === recording && e.start <= at && at < e.end) ?? null;
  if (line !== here) turnTo(line);
  const within = line && (at - line.start) * 1000 + line.gone;
  const word = line && (wordsOf(line.place).findLast((each) => each.at <= within)?.word ?? null);
  if (word === marked) return;
  marked?.classList.remove("app-word--now");
  word?.classList.add("app-word--now");
  marked = word;
}

function follow() {
  look();
  if (!media.paused) requestAnimationFrame(follow);
}

// On a wide screen what was said opens beside the note when it is first played. Whoever closes it
// is not shown it again.
let opened = false;
function show() {
  beside?.classList.add("app-beside--on");
  const folded = here?.place.closest("details");
  if (!folded || opened || !wide.matches) return;
  opened = folded.open = true;
  keepInView(here.place);
}

function playFrom({ target }, line) {
  const found = wordsOf(line.place).find((each) => each.word === target);
  if (!found || window.getSelection()?.toString()) return;
  const at = [...lines].reverse().find((e) => e.place === line.place && e.gone <= found.at);
  const detail = { recording: at.recording, at: at.start + (found.at - at.gone) / 1000 };
  document.dispatchEvent(new CustomEvent("playfrom", { detail }));
}

if (media && lines.length) {
  media.addEventListener("play", () => { look(); show(); requestAnimationFrame(follow); });
  for (const name of ["timeupdate", "seeked"]) media.addEventListener(name, look);
  media.addEventListener("pause", () => beside?.classList.remove("app-beside--on"));
  for (const line of lines.filter(({ gone }) => gone === 0)) {
    line.place.addEventListener("pointerenter", () => wordsOf(line.place), { once: true });
    line.place.addEventListener("click", (event) => playFrom(event, line));
  }
}
