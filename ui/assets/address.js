// Stands at the head of the page. What the page shows is in its address: `?c=` the conversation, `f=` filters, `tab=`
// the tab unless that is the chat, `#aq-...` the article that a reader has opened. All that changes it goes through
// here. When it changes by itself, on the way back and forward, the page hears `aq-moved`.
window.aq.address = (() => {
  // Before its first question a conversation has no name. It has a number, so that the way back finds it later.
  const TALK = "aq-talk-";
  let begun = 0;
  const fresh = () => `${performance.timeOrigin}-${(begun += 1)}`;
  const field = (name) => new URLSearchParams(location.search).get(name) ?? "";

  // The address with changes. What is empty is taken out, what is not named stays; filters are [name, value].
  function changed({ article, filters, ...fields }) {
    const made = new URL(location.href);
    for (const [name, value] of Object.entries(fields)) {
      made.searchParams.delete(name);
      if (value) made.searchParams.set(name, value);
    }
    if (filters) {
      made.searchParams.delete("f");
      for (const pair of filters) made.searchParams.append("f", pair.join(":"));
    }
    if (article !== undefined) made.hash = article;
    return made.href;
  }

  // A link into the page, `?...`, for another browser.
  const whole = (link) => new URL(link, location.origin + location.pathname).href;

  // The reader goes somewhere, from where the way back leads here.
  function go(changes) {
    const [before, to] = [changed({}), changed(changes)];
    if (to !== before) {
      const isOther = "c" in changes && changes.c !== field("c");
      const talk = isOther ? fresh() : history.state?.talk;
      history.pushState({ talk, before }, "", to);
    }
    showTab();
  }

  // What the page shows has got another name, or something less to be named.
  function put(changes) {
    const to = changed(changes);
    if (changes.c && history.state?.talk) sessionStorage.setItem(TALK + history.state.talk, changes.c);
    if (to !== changed({})) history.replaceState(history.state, "", to);
  }

  // Takes the article out of the address; back to where it was opened, if that is the step before.
  function close() {
    if (!location.hash) return;
    if (history.state?.before === changed({ article: "" })) history.back();
    else go({ article: "" });
  }

  const tabs = () => [...document.querySelectorAll("#aq-tabs [role=tab]")];
  const nameOf = (tab) => /^aq-(\w+)-tab-button$/.exec(tab?.id ?? "")?.[1];

  function showTab() {
    const wanted = tabs().find((tab) => nameOf(tab) === field("tab")) ?? tabs().find((tab) => nameOf(tab) === "chat");
    if (wanted && wanted.ariaSelected !== "true") wanted.click();
  }

  function hearTab() {
    const name = nameOf(tabs().find((tab) => tab.ariaSelected === "true"));
    if (name) go({ tab: name === "chat" ? "" : name });
  }

  new MutationObserver((_changes, observer) => {
    const list = document.querySelector("#aq-tabs [role=tablist]");
    if (tabs().length < 2) return;
    observer.disconnect();
    showTab();
    new MutationObserver(hearTab).observe(list, { subtree: true, attributeFilter: ["aria-selected"] });
  }).observe(document, { subtree: true, childList: true });
  window.addEventListener("popstate", () => {
    const name = sessionStorage.getItem(TALK + history.state?.talk);
    if (name && !field("c")) put({ c: name });
    showTab();
    document.dispatchEvent(new CustomEvent("aq-moved"));
  });
  // Before any other listener looks at the address.
  document.addEventListener(
    "click",
    (event) =>
      event.target.closest?.("#aq-new") && go({ c: "", q: "", draft: "", tab: "", article: "", filters: [] }),
    true,
  );
  if (!history.state?.talk) history.replaceState({ ...history.state, talk: fresh() }, "");
  return { close, field, go, put, whole };
})();
