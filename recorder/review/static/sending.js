// Sends bytes in pieces by the protocol tus 1.0.0, and goes on where it broke off. What
// the server has answered for is sealed there; until then it is kept here, in memory alone.
const PIECE = 8 * 1024 * 1024;
const GONE = "This file was removed in the meantime. Choose it again to send it.";
const ANOTHER = "Somebody else is signed in here now, and this would become theirs. "
  + "Sign in again as yourself in another tab; then go on here.";
const UNREADABLE = "This file cannot be read any more. Choose it again to go on.";
const NO_ROOM = 507;
const WAITS = [1, 2, 4, 8, 15]; // seconds between tries; the last again and again

export class RefusedError extends Error {} // trying again by itself would not help; says why

export class Server {
  // `person` is whose page this is.
  constructor(address, token, person) {
    Object.assign(this, { address, token, person });
  }

  async call(method, address, headers = {}, body = undefined) {
    const own = { "Tus-Resumable": "1.0.0", "X-CSRF-Token": this.token };
    return fetch(address, { method, headers: { ...own, ...headers }, body, cache: "no-store" });
  }

  // Where a new upload is; `size` is null while it is being made.
  async begin(metadata, size) {
    const length = size === null ? { "Upload-Defer-Length": "1" } : { "Upload-Length": `${size}` };
    const said = Object.entries(metadata).map(([key, value]) => `${key} ${base64(value)}`).join(",");
    const answer = await this.call("POST", this.address, { ...length, "Upload-Metadata": said });
    if (answer.status !== 201) throw await failure(answer);
    return answer.headers.get("Location");
  }

  // How many bytes are there, and of how many; null while nobody has said, or where it is gone.
  async look(address) {
    const answer = await this.call("HEAD", address);
    if (answer.status === 404) return { offset: null, length: null };
    if (!answer.ok) throw await failure(answer);
    const length = answer.headers.get("Upload-Length");
    const offset = Number(answer.headers.get("Upload-Offset"));
    return { offset, length: length === null ? null : Number(length) };
  }

  // Send `blob` from `offset` on; how many are there then. `length` where it is known only now.
  async send(address, offset, blob, length) {
    const body = await blob.arrayBuffer();
    const headers = {
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": `${offset}`,
      "Upload-Checksum": `sha256 ${await digest(body)}`,
    };
    if (length !== null) headers["Upload-Length"] = `${length}`;
    const answer = await this.call("PATCH", address, headers, body);
    if (answer.status !== 204) throw await failure(answer);
    return Number(answer.headers.get("Upload-Offset"));
  }

  async remove(address) {
    await this.call("DELETE", address);
  }

  // How an upload stands; of all of them, with the token of a session begun since.
  async standing(address = this.address) {
    const answer = await this.call("GET", address);
    if (!answer.ok) throw await failure(answer);
    const found = await answer.json();
    if (found.token && found.person !== this.person) throw new RefusedError(ANOTHER);
    if (found.token) this.token = found.token;
    return found;
  }
}

// Sends what `source` gives until all of it is there.
export class Sender {
  // `told` hears how it goes; `renew` gives the address of another upload for what is left.
  constructor(server, address, source, offset, told, renew) {
    Object.assign(this, { server, address, source, offset, told, renew });
    this.held = false;
    this.go = () => {};
  }

  hold() { this.held = true; }

  carryOn() { this.held = false; this.go(); }

  async run() {
    let tries = 0;
    for (;;) {
      if (this.held) await new Promise((go) => { this.go = go; });
      const length = this.source.length();
      const blob = await this.source.read(this.offset, PIECE);
      if (blob === null && length === null) continue; // there is more to come
      try {
        const late = this.source.deferred && length !== null ? length : null;
        this.offset = await this.server.send(this.address, this.offset, blob ?? new Blob(), late);
        tries = 0;
        this.source.sent(this.offset);
        this.told({ offset: this.offset });
        if (length !== null && this.offset === length) return;
      } catch (error) {
        if (error instanceof RefusedError) throw error;
        this.told({ waiting: true });
        await pause(WAITS[Math.min(tries, WAITS.length - 1)]);
        tries += 1;
        if (await this.ask()) return;
      }
    }
  }

  // After a failure, where to go on: what was sent last may have arrived all the same. True once
  // all of it is there.
  async ask() {
    let found;
    try {
      found = await this.server.look(this.address);
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      return false; // there is no way there: try again
    }
    const whole = this.source.length();
    if (whole !== null && found.length === whole && found.offset === whole) return true;
    if (this.source.deferred ? found.length === null && found.offset !== null : found.offset !== null) {
      this.offset = found.offset;
      return false;
    }
    // It was ended elsewhere, or by the server after a long silence: what is left begins another.
    if (!this.source.deferred) throw new RefusedError(GONE);
    return this.goElsewhere(found.offset ?? this.offset);
  }

  // Nothing of what is left is touched before there is somewhere to send it.
  async goElsewhere(from) {
    let address;
    try {
      address = await this.renew();
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      return false; // there is no way there: try again
    }
    this.source.beginAnew(from);
    this.address = address;
    this.offset = 0;
    return false;
  }
}

// A file that is there whole.
export class FileSource {
  constructor(file) { this.file = file; this.deferred = false; }

  length() { return this.file.size; }

  async read(offset, most) {
    try {
      return new Blob([await this.file.slice(offset, offset + most).arrayBuffer()]);
    } catch {
      throw new RefusedError(UNREADABLE); // it was moved or changed since it was chosen
    }
  }

  sent() {}
}

// What is being recorded: kept until the server has it.
export class LiveSource {
  constructor() {
    this.deferred = true;
    this.parts = []; // blobs that are not all there yet, from byte `start` on
    this.start = 0;
    this.end = 0;
    this.whole = false;
    this.wake = () => {};
  }

  add(blob) {
    this.head ??= blob; // says what kind of sound it is: no part plays without it
    this.parts.push(blob);
    this.end += blob.size;
    this.wake();
  }

  // What is not there yet, behind the head, as a recording of its own.
  beginAnew(offset) {
    const rest = new Blob(this.parts).slice(Math.max(0, offset - this.start));
    this.parts = offset > 0 ? [this.head, rest] : [rest];
    this.start = 0;
    this.end = this.parts.reduce((size, each) => size + each.size, 0);
  }

  finish() { this.whole = true; this.wake(); }

  length() { return this.whole ? this.end : null; }

  async read(offset, most) {
    if (offset >= this.end && !this.whole) await new Promise((wake) => { this.wake = wake; });
    const waiting = new Blob(this.parts).slice(offset - this.start, offset - this.start + most);
    return waiting.size ? waiting : null;
  }

  sent(offset) {
    while (this.parts.length && this.start + this.parts[0].size <= offset) {
      this.start += this.parts.shift().size;
    }
  }
}

async function failure(answer) {
  // Other bytes are there than we thought, or came, or it is gone: ask and go on. The rest passes
  // by itself, but for a disk without room: somebody has to be told of that.
  const passes = [404, 408, 409, 429, 460].includes(answer.status) || answer.status >= 500;
  if (passes && answer.status !== NO_ROOM) return new Error(`${answer.status}`);
  return new RefusedError(await problem(answer));
}

async function problem(answer) {
  try {
    return (await answer.json()).problem;
  } catch {
    return "That did not work. Try again in a minute.";
  }
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

async function digest(body) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return btoa(String.fromCharCode(...bytes));
}

function pause(seconds) {
  return new Promise((go) => {
    const timer = setTimeout(done, seconds * 1000);
    function done() { clearTimeout(timer); window.removeEventListener("online", done); go(); }
    window.addEventListener("online", done);
  });
}
