// Saves what is written ten seconds after the last change. The button does the same without it.
(() => {
  const form = document.querySelector("[data-autosave]");
  if (!form) return;
  const saved = document.getElementById("saved");
  const count = document.getElementById("word-count");
  const rest = 10000;
  let timer = 0;
  let isSaving = false;

  const save = async () => {
    if (isSaving) return plan();
    isSaving = true;
    try {
      const answer = await fetch(form.action || location.href, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      const content = await answer.json();
      saved.textContent = content.text;
      if (answer.ok) {
        form.elements.based_on.value = content.based_on;
        count.textContent = content.count;
      }
    } catch {
      // Away: the next change, or the button, tries again.
    }
    isSaving = false;
  };

  const plan = () => {
    clearTimeout(timer);
    timer = setTimeout(save, rest);
  };

  form.addEventListener("input", plan);
  form.addEventListener("submit", () => clearTimeout(timer));
})();
