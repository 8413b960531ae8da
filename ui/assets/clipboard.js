// Stands at the head of the page: copies a text, and says so on its button and to a screen reader.
window.aq.copy = async (button, text, heard) => {
  const { _ } = window.aq;
  // Without HTTPS, and not on this machine, a browser has no clipboard but the old one.
  let done = navigator.clipboard ? await navigator.clipboard.writeText(text).then(() => true, () => false) : false;
  if (!done) {
    const area = document.body.appendChild(document.createElement("textarea"));
    area.value = text;
    area.select();
    done = document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.dataset.name ??= button.textContent;
  button.textContent = heard.textContent = done ? _("Copied") : _("Not copied");
  setTimeout(() => {
    button.textContent = button.dataset.name;
    // The same may be said again.
    heard.textContent = "";
  }, 1500);
};
