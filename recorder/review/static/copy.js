// Copies one field at a time. Without this script each field can be selected and copied by hand.
const said = document.querySelector("[data-copied]");

async function copy(field) {
  field.focus();
  field.select();
  if (navigator.clipboard && window.isSecureContext) await navigator.clipboard.writeText(field.value);
  else if (!document.execCommand("copy")) throw new Error("not copied");
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const label = document.querySelector(`label[for="${field.id}"]`).textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await copy(field);
      said.textContent = `Copied: ${label}.`;
    } catch {
      said.textContent = `${label} is selected: copy it with your keyboard.`;
    }
    button.focus();
  });
}
