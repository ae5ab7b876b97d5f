// Tells that a petition or its form was shown: a step and a language, nobody's name or number.
(() => {
  const page = document.querySelector("[data-seen]");
  if (page && navigator.sendBeacon) navigator.sendBeacon(page.dataset.seen);
})();
