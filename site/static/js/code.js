// Fetches this very page whenever the code has run out, and puts the new one in its place.
// Where the network is gone it tries again every few seconds; an old code only says that it is old.

const RETRY_SECONDS = 5;

async function renewed() {
  const reply = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const parts = [".qr", ".digits", "[role=status]", "[data-code]"];
  const pairs = parts.map((part) => [document.querySelector(part), page.querySelector(part)]);
  if (pairs.some(([old, fresh]) => !old || !fresh)) return location.reload();
  for (const [old, fresh] of pairs) old.replaceWith(document.adoptNode(fresh));
  return wait(seconds());
}

function seconds() {
  return Number(document.querySelector("[data-code]").dataset.code);
}

function wait(time) {
  setTimeout(() => renewed().catch(() => wait(RETRY_SECONDS)), (time + 0.5) * 1000);
}

wait(seconds());
