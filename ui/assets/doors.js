// Ways from everywhere to the tab of articles: buttons, and files that are dropped on the page. Gradio makes a tab
// when it is first opened, so what is meant for it waits in window.aq.given until articles.js takes it.

const { _ } = window.aq;
const veil = document.body.appendChild(document.createElement("p"));
veil.className = "aq-veil";
veil.textContent = _("Drop files to add them to the articles");
veil.hidden = true;
let lifting = 0;

function lead(given) {
  window.aq.given = given;
  document.getElementById("aq-articles-tab-button")?.click();
  document.dispatchEvent(new CustomEvent("aq-given"));
}

// What a browser gives for a folder looks like a file, but cannot be read.
function dropped(transfer) {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const isFolder = (item) => Boolean(item.webkitGetAsEntry?.()?.isDirectory);
  const folders = items.filter(isFolder).map((item) => item.webkitGetAsEntry().name);
  return { files: items.filter((item) => !isFolder(item)).map((item) => item.getAsFile()).filter(Boolean), folders };
}

document.addEventListener("click", (event) => {
  const door = event.target.closest?.(".aq-door");
  if (door) lead({ sought: door.dataset.sought, files: [], folders: [] });
});
for (const name of ["dragenter", "dragover", "drop"]) {
  document.addEventListener(
    name,
    (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      // The browser would open the file instead of the page, and a part of the page might take it for its own.
      event.preventDefault();
      event.stopPropagation();
      clearTimeout(lifting);
      veil.hidden = name === "drop";
      // No browser says reliably that a file has left the window.
      lifting = setTimeout(() => (veil.hidden = true), 400);
      if (name === "drop") lead({ sought: "", ...dropped(event.dataTransfer) });
    },
    true,
  );
}
