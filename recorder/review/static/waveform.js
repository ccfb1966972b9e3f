// Draw how loud the recording in the player is, and where it is being played. A press on it goes
// there. It is for the eye alone: the player below does all of it, for keyboards and readers too.
const wave = document.querySelector("[data-wave]");
const media = document.querySelector("[data-player] audio, [data-player] video");
const canvas = wave.querySelector("canvas");
const [now, all] = ["now", "all"].map((name) => wave.querySelector(`[data-wave-${name}]`));
const PLAYED = "#2f3b45", QUIET = "#9aa3aa", HERE = "#b10e1e", SPAN = "#fdeab8";

let peaks = null; // { seconds, heights, highest }
let shown = null; // of which recording

function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

function span() {
  const on = document.querySelector(".app-play--on");
  if (!on || on.dataset.play !== shown) return null;
  return [on.dataset.start / 1000 / peaks.seconds, on.dataset.end / 1000 / peaks.seconds];
}

function draw() {
  if (!peaks) return;
  const { width, height } = canvas;
  const pen = canvas.getContext("2d");
  const at = Math.min(media.currentTime / peaks.seconds, 1);
  pen.clearRect(0, 0, width, height);
  const played = span();
  if (played) {
    pen.fillStyle = SPAN;
    pen.fillRect(played[0] * width, 0, Math.max((played[1] - played[0]) * width, 2), height);
  }
  const step = Math.max(width / peaks.heights.length, 1);
  for (let x = 0; x < width; x += step) {
    const [from, to] = [x, x + step].map((edge) => Math.floor((edge / width) * peaks.heights.length));
    const loud = Math.max(...peaks.heights.subarray(from, Math.max(to, from + 1)), 0);
    const tall = Math.max((loud / peaks.highest) * height, 1);
    pen.fillStyle = x / width < at ? PLAYED : QUIET;
    pen.fillRect(x, (height - tall) / 2, Math.max(step * 0.7, 1), tall);
  }
  pen.fillStyle = HERE;
  pen.fillRect(at * width - 1, 0, 2, height);
  now.textContent = clock(media.currentTime);
}

function fit() {
  const sharp = window.devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * sharp);
  canvas.height = Math.round(canvas.clientHeight * sharp);
  draw();
}

async function turnTo(recording) {
  if (shown === recording) return;
  shown = recording;
  peaks = null;
  wave.hidden = true;
  let bytes;
  try {
    const answer = await fetch(`/recordings/${recording}/peaks`);
    if (answer.status !== 200) return; // there is none yet: nothing is missing without it
    bytes = await answer.arrayBuffer();
  } catch {
    return; // likewise where the connection is away
  }
  if (shown !== recording || bytes.byteLength <= 4) return;
  const seconds = new DataView(bytes).getUint32(0, true) / 1000;
  const heights = new Uint8Array(bytes, 4);
  peaks = { seconds, heights, highest: heights.reduce((a, b) => Math.max(a, b), 1) };
  all.textContent = clock(seconds);
  wave.hidden = false;
  fit();
}

function follow() {
  draw();
  if (!media.paused) requestAnimationFrame(follow);
}

if (media) {
  canvas.addEventListener("click", (event) => {
    if (!peaks) return;
    const { left, width } = canvas.getBoundingClientRect();
    media.currentTime = ((event.clientX - left) / width) * peaks.seconds;
    draw();
  });
  media.addEventListener("play", () => requestAnimationFrame(follow));
  for (const name of ["timeupdate", "seeked", "pause", "ended"]) media.addEventListener(name, draw);
  new MutationObserver(() => turnTo(media.dataset.recording)).observe(media, {
    attributeFilter: ["data-recording"],
  });
  new ResizeObserver(fit).observe(canvas);
  turnTo(media.dataset.recording);
}
