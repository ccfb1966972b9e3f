// Keep what is typed into a note with the server every few seconds, so that no reload, crash or dead
// network loses it. Nothing of it stays on this device. And change a sentence where it stands.
const root = document.querySelector("[data-typing]");
const { typing: address, number, csrf, kind } = root.dataset; // kind: of a note that is none yet
const SOON = 1000; // ms after the first letter
const LONGEST = 30000; // ms between tries while the server is away
const TIMEOUT = 20000; // ms until a try that nobody answers has failed

const bytes = crypto.getRandomValues(new Uint8Array(8));
const page = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
const unkept = new Map(); // box name -> what stands in it and is not kept yet
let turn = 0;
let wait = SOON;
let timer = null;
let sending = null; // a promise, while something is on its way
let leaving = false;
let keptAt = ""; // HH:MM

function say(sentence, trouble = false) {
  for (const place of document.querySelectorAll("[data-typing-said]")) {
    const news = sentence && !trouble ? `${sentence} ${place.dataset.typingSaid}` : sentence;
    if (place.textContent !== news) place.textContent = news;
    place.classList.toggle("app-typing--trouble", trouble);
  }
}

class Refused extends Error {}
function signedOut() {
  const kept = keptAt ? ` What you typed until ${keptAt} is kept, and is there again.` : "";
  return `You have been signed out. Sign in again in another tab and open this note there.${kept}`;
}
let refused = false; // it is said why; the next letter tries again

async function put(keepalive) {
  const texts = Object.fromEntries(unkept);
  turn += 1;
  const answer = await fetch(address, {
    method: "PUT",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
    body: JSON.stringify({ number: Number(number), page, turn, texts, kind }),
    keepalive,
    signal: keepalive ? undefined : AbortSignal.timeout(TIMEOUT),
  });
  if (answer.status === 409 || answer.status >= 500) throw new Error();
  if (answer.status === 401) throw new Refused(signedOut());
  if (!answer.ok) throw new Refused((await answer.json()).problem);
  const { at } = await answer.json();
  for (const [name, text] of Object.entries(texts)) {
    if (unkept.get(name) === text) unkept.delete(name);
  }
  return at;
}

// Whether the server has it all, or has said that it does not take it.
async function send() {
  clearTimeout(timer);
  timer = null;
  try {
    const at = await put(false);
    wait = SOON;
    keptAt = at;
    say(at ? `Kept at ${at}.` : "");
    return true;
  } catch (error) {
    if (error instanceof Refused) {
      refused = true;
      say(`Not kept. ${error.message} Copy what you typed first.`, true);
      return true;
    }
    say("Not saved yet: Recorder did not answer. Keep this page open: it tries again.", true);
    wait = Math.min(wait * 2, LONGEST);
    return false;
  } finally {
    sending = null;
    if (unkept.size > 0 && !refused) soon();
  }
}

function begin() {
  sending ??= send();
  return sending;
}

function soon() {
  if (timer === null && !leaving) timer = setTimeout(begin, wait);
}

function touched(box) {
  leaving = false; // it was not left after all, or not yet
  unkept.set(box.name, box.value);
  refused = false;
  soon();
}

document.addEventListener("input", ({ target }) => {
  if (target.form?.matches("[data-keeps]") && target.name.startsWith("text-")) touched(target);
});

// The last chance before a page is put away, or its tab is closed.
function now() {
  if (unkept.size > 0 && !leaving) put(true).catch(() => {});
}
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") now();
});
window.addEventListener("pagehide", now);
window.addEventListener("online", () => {
  wait = SOON;
  if (unkept.size > 0) begin();
});
window.addEventListener("beforeunload", (event) => {
  if (unkept.size > 0 && !leaving) event.preventDefault();
});

// Nothing is sent off into a dead network: first the server has it, then the page is left.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-keeps]");
  if (!form) return;
  event.preventDefault();
  if (sending) await sending;
  if (!(await begin())) return;
  leaving = true;
  const { name, value } = event.submitter ?? {};
  if (name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  form.submit();
});

// --- where a sentence stands ---

const pattern = document.querySelector("#in-place");

function wordsOf(paragraph) {
  const copy = paragraph.cloneNode(true);
  for (const each of copy.querySelectorAll(".govuk-visually-hidden")) each.remove();
  return copy.textContent.trim();
}

function open(link) {
  const sentence = link.closest(".app-sentence");
  const text = sentence.querySelector(".app-sentence__text");
  const form = pattern.content.cloneNode(true).querySelector("form");
  const box = form.querySelector("textarea");
  const before = wordsOf(text);
  box.name = `text-${link.dataset.edit}`;
  box.value = before;
  box.rows = Math.ceil(before.length / 60) + 1;
  form.querySelector('[name="at"]').value = link.dataset.edit;
  form.querySelector("[data-cancel]").addEventListener("click", () => {
    if (box.value !== before) {
      box.value = before;
      touched(box);
    }
    form.remove();
    text.hidden = false;
    link.hidden = false;
    link.focus();
  });
  text.after(form);
  text.hidden = true;
  link.hidden = true;
  box.focus();
}

if (pattern) {
  for (const link of document.querySelectorAll("[data-edit]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      open(link);
    });
  }
}
