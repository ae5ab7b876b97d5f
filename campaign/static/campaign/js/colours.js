// Light or dark, as chosen at the foot of a page; set before the page begins, so that no other
// colour is seen first. The choice stays in the browser: it is sent nowhere.
(() => {
  const root = document.documentElement;
  const key = "colours";

  const kept = () => {
    try {
      return localStorage.getItem(key) || "";
    } catch {
      // Browsers inside other apps may keep nothing: what was chosen holds for this page.
      return root.dataset.colours || "";
    }
  };

  const keep = (choice) => {
    try {
      if (choice) localStorage.setItem(key, choice);
      else localStorage.removeItem(key);
    } catch {
      // As above.
    }
  };

  const show = (choice) => {
    const isOne = ["light", "dark"].includes(choice);
    if (isOne) root.dataset.colours = choice;
    else delete root.dataset.colours;
    document.querySelector("meta[name=color-scheme]").content = isOne ? choice : "light dark";
    for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
      const own = meta.dataset.of;
      const chosen = own === choice ? "all" : "not all";
      meta.media = isOne ? chosen : `(prefers-color-scheme: ${own})`;
    }
    for (const radio of document.querySelectorAll(".colours input")) {
      radio.checked = radio.value === (isOne ? choice : "");
    }
  };

  show(kept());

  addEventListener("DOMContentLoaded", () => {
    const choices = document.querySelector(".colours");
    if (!choices) return;
    choices.hidden = false;
    show(kept());
    choices.addEventListener("change", (event) => {
      keep(event.target.value);
      show(event.target.value);
    });
  });

  // Chosen in another tab, or on a page since left, to which "back" returns.
  addEventListener("storage", () => show(kept()));
  addEventListener("pageshow", (event) => {
    if (event.persisted) show(kept());
  });
})();
