// Keeps a session going while somebody writes, and says when it is about to end.
(() => {
  const address = document.currentScript.dataset.awake;
  const notice = document.getElementById("idle");
  const minute = 60000;
  let last = Date.now();

  const stay = async () => {
    last = Date.now();
    try {
      const answer = await fetch(address, { redirect: "manual" });
      if (answer.status === 204) notice.hidden = true;
    } catch {
      // Away: the next key, or the button, tries again.
      last = 0;
    }
  };

  document.addEventListener("input", () => {
    if (Date.now() - last > 4 * minute) stay();
  });
  notice.querySelector("button").addEventListener("click", stay);
  setInterval(() => {
    if (Date.now() - last > 13 * minute) notice.hidden = false;
  }, minute / 4);
})();
