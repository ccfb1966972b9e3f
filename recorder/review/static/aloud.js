// Reads a page aloud, by voices that are on this phone: nothing is sent anywhere. Where there is no
// such voice there is no button.
const speech = window.speechSynthesis;
const places = document.querySelectorAll("[data-listen]");

// The language of what stands in an element.
function language(element) { return element.closest("[lang]").lang; }

function voice(lang) {
  const own = speech.getVoices().filter((each) => each.localService);
  const short = lang.slice(0, 2).toLowerCase();
  return own.find((each) => each.lang.replace("_", "-") === lang)
    ?? own.find((each) => each.lang.slice(0, 2).toLowerCase() === short);
}

function show() {
  const there = [...document.querySelectorAll("[data-aloud]")].some((each) => voice(language(each)));
  for (const place of places) place.hidden = !there;
}

function settle(button, reading) {
  button.setAttribute("aria-pressed", `${reading}`);
  button.textContent = reading ? button.dataset.stop : button.dataset.go;
}

function read(button) {
  speech.cancel();
  const found = [...document.querySelectorAll("[data-aloud]")]
    .map((element) => ({ element, speaker: voice(language(element)) }))
    .filter(({ speaker }) => speaker);
  found.forEach(({ element, speaker }, place) => {
    const said = new SpeechSynthesisUtterance(element.innerText);
    said.voice = speaker;
    said.lang = speaker.lang;
    said.rate = 0.9;
    if (place === found.length - 1) said.onend = () => settle(button, false);
    said.onerror = () => settle(button, false);
    speech.speak(said);
  });
  settle(button, true);
}

if (speech) {
  for (const place of places) {
    const button = place.querySelector("button");
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-pressed") !== "true") return read(button);
      speech.cancel();
      return settle(button, false);
    });
  }
  speech.addEventListener?.("voiceschanged", show);
  show();
  window.addEventListener("pagehide", () => speech.cancel());
}
