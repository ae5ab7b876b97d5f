// The counter stays fresh while somebody looks: every 30 s, for ten minutes, only while visible.
addEventListener("DOMContentLoaded", () => {
  const card = document.querySelector("[data-count-url]");
  if (!card) return;
  const until = Date.now() + 10 * 60 * 1000;

  const show = (figures) => {
    for (const place of card.querySelectorAll("[data-figure]")) {
      const text = figures[place.dataset.figure];
      if (text) place.textContent = text;
    }
    const bar = card.querySelector("progress");
    if (bar) {
      bar.max = figures.percent_max;
      bar.value = figures.confirmed;
    }
  };

  const refresh = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(card.dataset.countUrl, { cache: "no-cache" });
      if (answer.ok) show(await answer.json());
    } catch {
      // Offline: the number on the page says as of when it is.
    }
  };

  const timer = setInterval(() => {
    if (Date.now() > until) clearInterval(timer);
    else refresh();
  }, 30000);
});
