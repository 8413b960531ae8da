// Stands at the head of the page. Gradio's panels of tabs have no names for a screen reader: those of their tabs.
new MutationObserver((_changes, observer) => {
  const panels = [...document.querySelectorAll("#aq-tabs > [role=tabpanel]")];
  for (const panel of panels) panel.setAttribute("aria-labelledby", `${panel.id}-button`);
  if (panels.length && panels.length === document.querySelectorAll("#aq-tabs [role=tab]").length) observer.disconnect();
}).observe(document, { subtree: true, childList: true });
