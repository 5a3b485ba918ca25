// Fetches this very page whenever the code has run out, and puts the new one in its place.
// Where the network is gone it tries again every few seconds; an old code only says that it is old.

const RETRY = 5;

async function renew() {
  let left = RETRY;
  try {
    const reply = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const next = page.querySelector("[data-code]");
    if (!next) return location.reload();
    left = Number(next.dataset.code) || 0;
    for (const part of [".qr", ".digits", "[role=status]"]) {
      const old = document.querySelector(part), fresh = next.querySelector(part);
      if (!old || !fresh) return location.reload();
      old.replaceWith(document.adoptNode(fresh));
    }
  } catch (trouble) {
    left = RETRY;
  }
  setTimeout(renew, (left + 0.5) * 1000);
}

setTimeout(renew, (Number(document.querySelector("[data-code]").dataset.code) + 0.5) * 1000);
