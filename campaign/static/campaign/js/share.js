// Share by the phone's own sheet where there is one, and copy an address with one press.
addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-share-url]")) {
    if (!navigator.share) continue;
    button.parentElement.hidden = false;
    const lead = button.closest("ul").querySelector("[data-lead]");
    if (lead) lead.classList.add("quiet");
    button.addEventListener("click", () => {
      const { shareUrl: url, shareText: text } = button.dataset;
      navigator.share({ title: text, text, url }).catch(() => {});
    });
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        button.textContent = button.dataset.done;
      } catch {
        // Refused: the address is selected, and can be copied by hand.
      }
    });
  }
});
