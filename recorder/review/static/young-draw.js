// A pad to draw on with a finger. What was drawn goes with the form as a picture, like a photo.
const form = document.querySelector("[data-draw]");
const pad = form.querySelector("canvas");
const pen = pad.getContext("2d");
const photo = form.elements.photo;
let drawn = false;

function blank() {
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, pad.width, pad.height);
  drawn = false;
}

function at(event) {
  const box = pad.getBoundingClientRect();
  const wide = pad.width / box.width;
  return [(event.clientX - box.left) * wide, (event.clientY - box.top) * wide];
}

function line(event) {
  pen.lineTo(...at(event));
  pen.stroke();
  drawn = true;
}

pad.addEventListener("pointerdown", (event) => {
  pad.setPointerCapture(event.pointerId);
  Object.assign(pen, { lineWidth: 9, lineCap: "round", lineJoin: "round", strokeStyle: "#0b0c0c" });
  pen.beginPath();
  pen.moveTo(...at(event));
  line(event); // a tap is a dot
});
pad.addEventListener("pointermove", (event) => {
  if (pad.hasPointerCapture(event.pointerId)) line(event);
});
form.querySelector("[data-clear]").addEventListener("click", blank);
form.querySelector("[data-done]").addEventListener("click", () => {
  if (!drawn) return form.requestSubmit();
  return pad.toBlob((picture) => {
    const there = new DataTransfer();
    there.items.add(new File([picture], "drawing.png", { type: "image/png" }));
    photo.files = there.files;
    form.requestSubmit();
  }, "image/png");
});
blank();
form.querySelector("[data-pad]").hidden = false;
