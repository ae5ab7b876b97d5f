// Small comforts: nothing here is needed to read or sign.
addEventListener("DOMContentLoaded", () => {
  const summary = document.querySelector(".summary-of-errors");
  if (summary) summary.focus();

  // On a wide screen the full text is open from the start.
  if (matchMedia("(min-width: 62rem)").matches) {
    for (const details of document.querySelectorAll("details[data-wide-open]")) details.open = true;
  }

  // On paper everything is open.
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });

  // A corrected field loses its colour at once. Nothing moves: a change is often told by the press
  // of the button below, which must not slip from under the finger.
  for (const field of document.querySelectorAll(".field.wrong")) {
    field.addEventListener("change", () => field.classList.add("mended"), { once: true });
  }

  // On a phone the button follows while the one in the counter is out of sight.
  const sticky = document.querySelector(".sticky-sign");
  const buttons = document.querySelectorAll("[data-sign]");
  if (sticky && buttons.length && "IntersectionObserver" in window) {
    const seen = new Set();
    const watch = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) seen.add(entry.target);
        else seen.delete(entry.target);
      }
      sticky.hidden = seen.size > 0;
    });
    buttons.forEach((button) => watch.observe(button));
  }
});
