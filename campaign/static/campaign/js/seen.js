// Tells that a petition or its form was shown: a step and a language, nobody's name or number.
addEventListener("DOMContentLoaded", () => {
  const page = document.querySelector("[data-seen]");
  if (page && navigator.sendBeacon) navigator.sendBeacon(page.dataset.seen);
});
