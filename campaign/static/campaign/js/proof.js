// While very many sign, the browser does a small sum (ALTCHA, SHA-256) before the form leaves.
// Without this script, or without https, the form leaves all the same and is looked at by people.
(() => {
  const form = document.querySelector("form[data-task]");
  if (!form || !window.crypto || !crypto.subtle) return;
  const task = JSON.parse(form.dataset.task);
  const status = form.querySelector("[data-working]");
  const encoder = new TextEncoder();
  // Hashes are asked for by the handful: each answer comes back on its own.
  const HANDFUL = 250;

  async function digest(number) {
    const bytes = await crypto.subtle.digest("SHA-256", encoder.encode(task.salt + number));
    return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function solve() {
    for (let first = 0; first <= task.maxNumber; first += HANDFUL) {
      const numbers = Array.from({ length: HANDFUL }, (_, place) => first + place);
      const digests = await Promise.all(numbers.map(digest));
      const place = digests.indexOf(task.challenge);
      if (place >= 0) return numbers[place];
    }
    return null;
  }

  const solved = solve().then((number) => {
    const { algorithm, challenge, salt, signature } = task;
    const answer = { algorithm, challenge, number, salt, signature };
    form.elements.altcha.value = btoa(JSON.stringify(answer));
    form.dataset.solved = "";
  });

  // Language links send the form too, and need no sum. Old browsers name no `submitter`.
  let switches = false;
  document.addEventListener("click", (event) => {
    switches = Boolean(event.target.closest("[name=switch]"));
  }, true);

  form.addEventListener("submit", (event) => {
    if ("solved" in form.dataset || switches) return;
    event.preventDefault();
    if (status.textContent) return; // pressed twice
    status.textContent = status.dataset.working;
    solved.finally(() => form.submit());
  });
})();
