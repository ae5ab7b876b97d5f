// Shows Markdown as it will look, half a second after the last change. The button does the same.
(() => {
  const form = document.querySelector("[data-preview-url]");
  if (!form) return;
  const rest = 500;

  const show = async (area, box, asked) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("language", area.dataset.language);
    body.set("text", area.value);
    try {
      const answer = await fetch(form.dataset.previewUrl, {
        method: "POST",
        body,
        signal: asked.signal,
      });
      if (!answer.ok) return;
      box.innerHTML = await answer.text();
      box.hidden = !box.innerHTML;
    } catch {
      // Away, or overtaken by the next change, which asks again.
    }
  };

  for (const area of form.querySelectorAll("[data-preview]")) {
    const box = document.getElementById(area.dataset.preview);
    let timer = 0;
    let asked = new AbortController();
    area.addEventListener("input", () => {
      clearTimeout(timer);
      asked.abort();
      asked = new AbortController();
      timer = setTimeout(show, rest, area, box, asked);
    });
  }
})();
