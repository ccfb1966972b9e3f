// Forms that make or show a passkey: the browser is asked, and its answer is sent with the form.
// Where the browser has none to offer the form stays hidden, and the other ways in are there.
const WRONG = "That did not work. Try again, or use another way.";

async function answer(form) {
  const asked = await fetch(form.dataset.ask, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
  });
  if (!asked.ok) throw new Error("not asked");
  const options = await asked.json();
  if (form.dataset.passkey === "make") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const said = form.querySelector("[data-said]");
  said.textContent = "";
  try {
    form.elements.answer.value = JSON.stringify(await answer(form));
  } catch {
    said.textContent = WRONG;
    return;
  }
  form.submit();
}

if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", send);
  }
}
