// Records a voice note, and sends it while it is made; sends photos and files.

const EVERY_MS = 2000; // of sound in a piece: no more than this and its way to the server can be lost
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const form = document.querySelector("[data-sending]");
// By the address that changes when the module does: ours are kept for a year.
const { FileSource, LiveSource, RefusedError, Sender, Server } = await import(form.dataset.sending);
const find = (name) => form.querySelector(`[data-${name}]`);
const server = new Server(form.dataset.uploads, form.elements.csrf.value, form.dataset.person);
let busy = 0; // uploads that are not all there yet

function show(name, there) { find(name).hidden = !there; }

function say(sentence) {
  show("problem", sentence !== "");
  find("said").textContent = sentence;
  if (sentence) find("problem").focus();
}

function chosen(kind) {
  const value = (name) => form.elements[name].value;
  const heard = kind === "photo" ? "" : value("heard");
  const said = { kind, case: value("case"), note: value("note"), heard };
  if (form.elements.onto) said.onto = value("onto");
  if (heard === "others") for (const name of ["who", "how", "when"]) said[name] = value(name);
  return said;
}

function sentence(error) {
  if (error instanceof RefusedError) return error.message;
  return "There is no connection to Recorder just now. Try again in a minute.";
}

// --- a voice note ---

// What goes on, where an upload was ended elsewhere: as a note of its own once its note was handed in.
function begunAgain(said) {
  return server.begin(said, null).catch((error) => {
    if (!said.onto || !(error instanceof RefusedError)) throw error;
    return server.begin({ ...said, onto: "" }, null);
  });
}

class VoiceNote {
  constructor() {
    this.source = new LiveSource();
    this.spoken = 0; // ms, without pauses
    this.since = null; // when it last went on; null while it does not
    this.over = new AbortController();
  }

  async start() {
    const said = chosen("voice");
    const address = await server.begin(said, null);
    try {
      await this.listen();
    } catch (error) {
      this.end();
      await server.remove(address).catch(() => {}); // nothing came of it: the server lets it go by itself
      throw error;
    }
    this.sender = new Sender(server, address, this.source, 0, (news) => this.tell(news),
      () => begunAgain(said));
  }

  async listen() {
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.recorder = new MediaRecorder(this.stream, { mimeType, audioBitsPerSecond: 48_000 });
    this.recorder.addEventListener("dataavailable", ({ data }) => {
      if (data.size) this.source.add(data);
    });
    // Whether by the button or because the microphone was pulled out: what it gave is kept.
    this.recorder.addEventListener("stop", () => this.end());
    this.stream.getTracks()[0].addEventListener("ended", () => this.stop());
    this.recorder.start(EVERY_MS);
    this.since = performance.now();
    this.awake();
    document.addEventListener("visibilitychange", () => this.awake(), { signal: this.over.signal });
  }

  // The microphone and the screen are let go.
  end() {
    this.spoken = this.length;
    this.since = null;
    this.over.abort();
    this.lock?.release();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.source.finish();
  }

  // A phone that goes to sleep stops recording.
  async awake() {
    if (this.since === null || document.visibilityState !== "visible") return;
    try {
      this.lock = await navigator.wakeLock?.request("screen");
      if (this.over.signal.aborted) this.lock?.release();
    } catch {
      // It may be refused, as on a low battery; the recording goes on as long as the screen does.
    }
  }

  get length() { return this.spoken + (this.since === null ? 0 : performance.now() - this.since); }

  pause() {
    if (this.since === null) {
      this.recorder.resume();
      this.since = performance.now();
      this.awake();
    } else {
      this.recorder.requestData(); // so that what was said until now is on its way
      this.recorder.pause();
      this.spoken = this.length;
      this.since = null;
    }
    return this.since === null;
  }

  stop() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }

  tell({ waiting }) {
    const news = waiting
      ? "There is no connection just now. What you say is kept in this page and sent once there is one: leave it open."
      : "What you said is being kept safe as you speak.";
    // Said once: a screen reader would say it again every other second, into the microphone.
    if (find("kept").textContent !== news) find("kept").textContent = news;
  }
}

function clock(note) {
  const seconds = Math.floor(note.length / 1000);
  const rest = `${seconds % 60}`.padStart(2, "0");
  find("time").textContent = `${Math.floor(seconds / 60)}:${rest}`;
}

async function sendAll(sender) {
  for (let again = false; ; again = true) {
    try {
      if (again) {
        await server.standing(); // with the token of a session that they began since
        if (await sender.ask()) return;
      }
      await sender.run();
      return;
    } catch (error) {
      if (!sender.source.deferred) throw error; // it can be chosen again
      say(sentence(error));
      show("carry-on", true);
      await new Promise((go) => find("carry-on").addEventListener("click", go, { once: true }));
      show("carry-on", false);
      say("");
    }
  }
}

async function record() {
  say("");
  find("record").disabled = true;
  const note = new VoiceNote();
  try {
    await note.start();
  } catch (error) {
    find("record").disabled = false;
    say(error instanceof DOMException
      ? "The microphone cannot be used. Allow it for this page in your browser, or connect one, and start again."
      : sentence(error));
    return;
  }
  busy += 1;
  for (const name of ["clock", "pause", "stop"]) show(name, true);
  show("record", false);
  find("stop").focus();
  const ticking = setInterval(() => clock(note), 500);
  const pressed = () => {
    const paused = note.pause();
    find("pause").textContent = paused ? "Go on" : "Pause";
    find("doing").textContent = paused ? "Paused" : "Recording";
  };
  find("pause").addEventListener("click", pressed);
  find("stop").addEventListener("click", () => note.stop(), { once: true });
  note.recorder.addEventListener("stop", () => {
    clearInterval(ticking);
    clock(note);
    for (const name of ["pause", "stop"]) show(name, false);
    find("doing").textContent = "Stopped";
    find("pause").removeEventListener("click", pressed);
  });
  await sendAll(note.sender);
  busy -= 1;
  await ended(note.sender.address, find("kept"));
  show("clock", false);
  find("record").disabled = false;
  find("record").textContent = "Record another";
  show("record", true);
  find("record").focus();
}

// --- a photo or file ---

async function address(kind, file) {
  const { uploads } = await server.standing();
  const same = uploads.find((each) => each.state === "open" && each.kind === kind
    && each.name === file.name && each.size === file.size && each.made === file.lastModified);
  if (same) return `${server.address}/${same.id}`;
  const about = { ...chosen(kind), filename: file.name, modified: `${file.lastModified}` };
  return server.begin(about, file.size);
}

async function send(input) {
  const [file] = input.files;
  if (!file) return;
  say("");
  const inputs = form.querySelectorAll("[data-choose]");
  for (const each of inputs) each.disabled = true;
  busy += 1;
  try {
    const where = await address(input.dataset.choose, file);
    const sender = new Sender(server, where, new FileSource(file), (await server.look(where)).offset, far);
    function far({ offset = sender.offset, waiting = false }) {
      const percent = Math.floor((100 * offset) / file.size);
      form.querySelector("#progress").value = percent;
      find("state").textContent = waiting ? "Waiting for the connection" : "Sending";
      find("far").textContent = percent % 10 ? find("far").textContent : `${percent}% sent`;
    }
    show("transfer", true);
    show("hold", true);
    find("hold").textContent = "Pause";
    find("hold").onclick = () => {
      if (sender.held) sender.carryOn(); else sender.hold();
      find("hold").textContent = sender.held ? "Carry on" : "Pause";
    };
    far({});
    await sendAll(sender);
    find("state").textContent = (await ended(where, find("far"))) ? "Sent" : "Not taken";
  } catch (error) {
    show("transfer", false);
    say(sentence(error));
  }
  busy -= 1;
  show("hold", false);
  for (const each of inputs) { each.disabled = false; each.value = ""; }
}

// Says what became of an upload; whether it was taken.
async function ended(where, place) {
  const found = await server.standing(where).catch(() => null);
  place.textContent = "";
  if (found?.state === "refused") { say(found.problem); return false; }
  place.append(`All of it is kept safe. ${form.dataset.then}`);
  const link = document.createElement("a");
  link.className = "govuk-link";
  link.href = form.dataset.see;
  link.textContent = form.dataset.called;
  place.append(link, ".");
  return true;
}

// --- the page ---

const asks = () => show("agreed", form.elements.heard.value === "others");
for (const each of form.elements.heard) each.addEventListener("change", asks);
asks();
show("files", true);
if (window.MediaRecorder && navigator.mediaDevices) {
  show("voice", true);
  find("record").addEventListener("click", record);
}
for (const each of form.querySelectorAll("[data-choose]")) {
  each.addEventListener("change", () => send(each));
}
form.addEventListener("submit", (event) => event.preventDefault());
document.querySelector("[data-without]").hidden = true;
window.addEventListener("beforeunload", (event) => { if (busy) event.preventDefault(); });
