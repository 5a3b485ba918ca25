// Fetches this very page every two seconds and puts the new progress in place of the old one; once there is none, the
// work is done and the page is opened anew. Where the network is gone it tries again later.

const SECONDS = 2;
const RETRY_SECONDS = 6;

async function look() {
  const reply = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const old = document.querySelector("[data-waiting]");
  const fresh = page.querySelector("[data-waiting]");
  if (!reply.ok || !fresh) return location.assign(reply.ok ? reply.url : location.href);
  if (old.textContent !== fresh.textContent) old.replaceWith(document.adoptNode(fresh));
  return wait(SECONDS);
}

function wait(seconds) {
  setTimeout(() => look().catch(() => wait(RETRY_SECONDS)), seconds * 1000);
}

wait(SECONDS);
