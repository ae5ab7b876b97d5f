// Passkeys: adding one, signing in with one, confirming with one. What needs a script stays hidden
// without it; an authenticator app does the same work on every page.
(() => {
  const { webauthnJSON } = window;
  if (!webauthnJSON || !webauthnJSON.supported()) return;

  const options = async (part) => {
    const { optionsFrom } = part.dataset;
    if (!optionsFrom) return JSON.parse(document.getElementById("passkey-options").textContent);
    const answer = await fetch(optionsFrom, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  };

  const add = async (part) => {
    const { creation_options: wanted } = await options(part);
    // Kept on the device, and the device asks who holds it: so it opens the desk by itself.
    Object.assign(wanted.publicKey.authenticatorSelection, {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    });
    return webauthnJSON.create(wanted);
  };

  const show = async (part) => webauthnJSON.get((await options(part)).request_options);

  for (const part of document.querySelectorAll("[data-passkey]")) {
    // A browser ties passkeys to the site's name; under another one, or a number, none can work.
    if (new URL(part.dataset.site).hostname !== location.hostname) continue;
    const act = part.dataset.passkey === "add" ? add : show;
    const form = part.querySelector("form");
    const failed = part.querySelector("[role=alert] p");
    part.hidden = false;
    for (const other of document.querySelectorAll("[data-without-passkey]")) other.hidden = true;
    part.querySelector("button").addEventListener("click", async () => {
      failed.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await act(part));
      } catch {
        failed.hidden = false;
        return;
      }
      form.submit();
    });
  }
})();
