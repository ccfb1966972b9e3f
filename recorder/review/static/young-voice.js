// Records what somebody says, and sends it while they speak. What is not sent yet is in memory alone.
// Nobody is asked whether to stay: the way out must not be held up.
const EVERY_MS = 2000; // of sound in a piece
const LONGEST_MS = 20 * 60_000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const place = document.querySelector("[data-voice]");
const told = place.dataset;
// By the address that changes when the module does: ours are kept for a year.
const { LiveSource, Sender, Server } = await import(told.sending);
const find = (name) => place.querySelector(`[data-${name}]`);
const server = new Server(told.uploads, told.csrf, told.person);

function trouble(sentence) {
  find("problem").textContent = sentence;
  find("problem").hidden = sentence === "";
}

function news(sentence) {
  if (find("news").textContent !== sentence) find("news").textContent = sentence;
}

function began() {
  const { of, says, about, instead } = told;
  return server.begin({ kind: "voice", of, says, about, instead }, null);
}

// The recorder, once the microphone is there; what it gives goes to `source`.
async function listen(source) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 48_000 });
  recorder.addEventListener("dataavailable", ({ data }) => { if (data.size) source.add(data); });
  recorder.addEventListener("stop", () => {
    for (const track of stream.getTracks()) track.stop();
    source.finish();
  });
  stream.getTracks()[0].addEventListener("ended", () => {
    if (recorder.state !== "inactive") recorder.stop();
  });
  return recorder;
}

// A phone that goes to sleep stops recording; where this is refused it goes on while the screen does.
async function awake() { return navigator.wakeLock?.request("screen").catch(() => null); }

function clock(recorder) {
  const since = performance.now();
  return setInterval(() => {
    const ms = performance.now() - since;
    const seconds = Math.floor(ms / 1000);
    find("time").textContent = `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, "0")}`;
    if (ms > LONGEST_MS && recorder.state !== "inactive") recorder.stop();
  }, 500);
}

async function record() {
  trouble("");
  find("start").disabled = true;
  const source = new LiveSource();
  let recorder;
  let address;
  try {
    recorder = await listen(source);
  } catch {
    find("start").disabled = false;
    trouble(told.mic);
    return;
  }
  try {
    address = await began();
  } catch {
    recorder.stream.getTracks().forEach((track) => track.stop());
    find("start").disabled = false;
    trouble(told.trouble);
    return;
  }
  await send(recorder, source, address);
}

async function send(recorder, source, address) {
  recorder.start(EVERY_MS);
  const ticking = clock(recorder);
  const lock = await awake();
  find("start").hidden = true;
  find("on").hidden = false;
  find("stop").focus();
  find("stop").addEventListener("click", () => {
    if (recorder.state !== "inactive") recorder.stop();
  }, { once: true });
  recorder.addEventListener("stop", () => {
    clearInterval(ticking);
    lock?.release();
    find("on").hidden = true;
    news(told.sends);
  });
  const far = ({ waiting }) => { if (waiting) news(told.waits); };
  try {
    await new Sender(server, address, source, 0, far, began).run();
    news(told.sent);
    window.location.replace(told.then);
  } catch {
    if (recorder.state !== "inactive") recorder.stop();
    news("");
    trouble(told.trouble);
    find("start").disabled = false;
    find("start").hidden = false;
    find("start").focus();
  }
}

if (window.MediaRecorder && navigator.mediaDevices) {
  place.hidden = false;
  find("start").addEventListener("click", record);
}
