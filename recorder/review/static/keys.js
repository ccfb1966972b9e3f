// The note page by keyboard. Letters alone can be switched off: then their dialogs are not on the
// page, and only Ctrl and Enter, which saves what is being typed, is left.
const help = document.querySelector("#keys-help");
const ask = document.querySelector("#keys-ask");
const sentences = [...document.querySelectorAll(".app-sentence[id]")];
const media = document.querySelector("[data-player] audio, [data-player] video");
const BACK = 3; // seconds
let here = -1; // the sentence that was gone to last

function current() {
  const held = sentences.findIndex((each) => each.contains(document.activeElement));
  if (held >= 0) here = held;
  return sentences[here];
}

function go(step) {
  current();
  here = Math.min(Math.max(here + step, 0), sentences.length - 1);
  const sentence = sentences[here];
  if (!sentence) return;
  sentence.tabIndex = -1;
  sentence.focus();
}

function press(selector) {
  const sentence = current() ?? sentences[(here = 0)];
  sentence?.querySelector(selector)?.click();
}

function shown(button) {
  return button.checkVisibility?.() ?? button.offsetParent !== null;
}

// Hands in or approves, whichever this page can; never by one key, nor by two of the same.
function decide() {
  const forms = 'form[action$="/submit"] button, form[action$="/approve"] button';
  const button = [...document.querySelectorAll(forms)].find(shown);
  if (!button) return;
  ask.querySelector("h2").textContent = `${button.textContent.trim()}?`;
  ask.returnValue = "no";
  ask.addEventListener("close", () => {
    if (ask.returnValue === "yes") button.form.requestSubmit(button);
    else button.focus();
  }, { once: true });
  ask.showModal();
}

const KEYS = {
  n: () => go(1),
  p: () => go(-1),
  l: () => press(".app-sentence__foot [data-play]"),
  e: () => press("[data-edit]"),
  m: () => press(".app-ways summary"),
  a: decide,
  k: () => {
    if (media?.paused) media.play().catch(() => {});
    else media?.pause();
  },
  b: () => { if (media) media.currentTime = Math.max(media.currentTime - BACK, 0); },
  "?": () => {
    help.showModal();
    help.querySelector("h2").focus(); // a long list is read from its head
  },
};

const TYPED_INTO = "input, textarea, select, audio, video, [contenteditable]";

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.isComposing || event.repeat) return;
  const form = target.closest("form[data-keeps]:not(#return)");
  if (key === "Enter" && event.ctrlKey && form) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!help || !plain || help.open || ask.open || target.matches(TYPED_INTO)) return;
  const does = KEYS[key];
  if (!does) return;
  event.preventDefault();
  does();
});
