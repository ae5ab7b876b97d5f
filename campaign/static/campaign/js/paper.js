// Keying in a sheet without the mouse: Enter goes to the next line and brings city and province.
(() => {
  const list = document.querySelector("[data-lines]");
  if (!list) return;
  const lines = [...list.children];

  const copy = (from, to) => {
    const theirs = from.querySelectorAll("[data-copied]");
    to.querySelectorAll("[data-copied]").forEach((field, at) => {
      if (!field.value) field.value = theirs[at].value;
    });
  };

  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input, select")) return;
    const line = event.target.closest("li");
    const next = lines[lines.indexOf(line) + 1];
    event.preventDefault();
    if (!next) {
      list.closest("form").querySelector("button").focus();
      return;
    }
    copy(line, next);
    next.querySelector("input").focus();
  });
})();
