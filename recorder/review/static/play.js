// Play exactly the stretch that a sentence stands on, through the page's one player. What came in
// several files is played as one, file after file.
const place = document.querySelector("[data-player]");
const media = place?.querySelector("audio, video");
let current = null; // { button, start, end } in seconds, while a stretch is playing
let stretch = false; // whether what was last begun is a stretch, and ends with it

function known(recording) {
  return document.querySelector(`[data-name="${CSS.escape(recording)}"]`);
}

function say(button, word) {
  button.querySelector("[data-word]").textContent = word;
  button.classList.toggle("app-play--on", word === "Stop");
}

function stop() {
  if (!current) return;
  say(current.button, "Play");
  current = null;
  media.pause();
}

function watch() {
  if (!current) return;
  if (media.currentTime >= current.end) {
    const { end } = current;
    media.dispatchEvent(new Event("spanend")); // what was played up to here, before it is moved
    stop();
    media.currentTime = end;
    return;
  }
  requestAnimationFrame(watch);
}

function begin() {
  const { start } = current;
  const ready = () => { if (current?.start === start) media.currentTime = start; };
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) ready();
  else media.addEventListener("loadedmetadata", ready, { once: true });
  // A press on a button is what lets a page make sound, so play in its own turn, before the seek.
  media.play().then(() => requestAnimationFrame(watch)).catch(stop);
}

function load(player, recording) {
  if (player.dataset.recording === recording) return;
  player.dataset.recording = recording;
  player.removeAttribute("poster"); // it is of the file before
  player.src = known(recording)?.dataset.source ?? `/recordings/${recording}/media`;
}

function goOn(player) {
  const next = known(player.dataset.recording)?.dataset.next;
  if (!next) return;
  if (player === media) turnTo(next);
  else load(player, next);
  player.play().catch(() => {});
}

function turnTo(recording) {
  load(media, recording);
  const now = place.querySelector("[data-now]");
  if (now) now.textContent = known(recording)?.textContent ?? "";
}

function play(button) {
  if (current?.button === button) {
    stop();
    return;
  }
  stop();
  const { play: recording, start, end } = button.dataset;
  turnTo(recording);
  current = { button, start: Number(start) / 1000, end: Number(end) / 1000 };
  say(button, "Stop");
  begin();
}

function playFile(recording) {
  stop();
  turnTo(recording);
  media.currentTime = 0;
  media.play().catch(() => {});
}

function playFrom({ recording, at }) {
  stop();
  turnTo(recording);
  const ready = () => { media.currentTime = at; };
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) ready();
  else media.addEventListener("loadedmetadata", ready, { once: true });
  media.play().catch(() => {});
}

if (media) {
  document.addEventListener("playfrom", ({ detail }) => playFrom(detail));
  for (const button of document.querySelectorAll("[data-play]")) {
    button.hidden = false;
    button.addEventListener("click", () => play(button));
  }
  // In a tab that is not shown nothing is drawn, so the frames above do not come.
  media.addEventListener("timeupdate", () => {
    if (current && media.currentTime >= current.end) stop(); // listened.js looked before: it comes first
  });
  media.addEventListener("pause", () => { if (current && !media.seeking) stop(); });
  media.addEventListener("play", () => { stretch = current !== null; });
  media.addEventListener("ended", () => { if (!stretch) goOn(media); });
  for (const link of document.querySelectorAll("[data-file]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      playFile(link.dataset.file);
    });
  }
}

// A film beside the player, as a note shows it.
for (const film of document.querySelectorAll("video")) {
  if (film !== media) film.addEventListener("ended", () => goOn(film));
}
