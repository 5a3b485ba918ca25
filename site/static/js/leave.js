// What this account studied on a page that is gone is sent from any page. And before somebody signs out: is anything of
// theirs still on this device? Then the button waits, and one may send it first. Other accounts' is not looked at.

const account = document.documentElement.dataset.account, DRAFTS = "/me/drafts/";

function read(place) {
  try {
    return JSON.parse(localStorage.getItem(place)) || {};
  } catch (trouble) {
    return {};
  }
}

function places() {
  try {
    return Object.keys(localStorage);
  } catch (trouble) {
    return [];
  }
}

function drafts() {
  const own = `draft:${account}:`;
  return places().filter((place) => place.startsWith(own) && read(place).isKept === false && read(place).of);
}

function isUnsent() {
  const kept = [`study-kept:${account}`, `quiz-kept:${account}`];
  return kept.some((place) => Object.keys(read(place)).length > 0) || drafts().length > 0;
}

async function sendDraft(place, token) {
  const { of, fields } = read(place), body = new FormData();
  Object.keys(fields).forEach((name) => fields[name].forEach((value) => body.append(name, value)));
  body.append("csrfmiddlewaretoken", token);
  body.append("draft_of", of);
  body.append("draft", place.slice(`draft:${account}:`.length));
  const how = { method: "POST", body, credentials: "same-origin", redirect: "manual" };
  const reply = await fetch(DRAFTS, how).catch(() => ({}));
  if (reply.status === 204) localStorage.setItem(place, JSON.stringify(Object.assign(read(place), { isKept: true })));
}

async function sendAll(token) {
  const study = await import("./beats.js"), quiz = await import("./quiz.js");
  await study.sendKept();
  await quiz.sendAnswers(token);
  for (const place of drafts()) await sendDraft(place, token);
}

function ask(form) {
  const shown = document.querySelector(".unsent");
  if (shown) shown.remove();
  const note = document.querySelector("template[data-unsent]").content.cloneNode(true).firstElementChild;
  const [unsent, trouble] = [note.querySelector("[data-waits]"), note.querySelector("[data-trouble]")];
  note.querySelector("[data-send]").addEventListener("click", async ({ target }) => {
    target.disabled = true;
    await sendAll(form.elements.csrfmiddlewaretoken.value);
    target.disabled = false;
    if (!isUnsent()) return form.submit();
    unsent.hidden = true;
    trouble.hidden = false;
  });
  note.querySelector("[data-leave]").addEventListener("click", () => form.submit());
  document.getElementById("main").prepend(note);
  note.focus();
}

async function sendLeft() {
  if (Object.keys(read(`study-kept:${account}`)).length) (await import("./beats.js")).sendKept((entry) => entry.isLeft);
}

addEventListener("online", sendLeft);
sendLeft();
for (const form of document.querySelectorAll("form[data-leaving]")) {
  form.addEventListener("submit", (event) => {
    if (!isUnsent()) return;
    event.preventDefault();
    ask(form);
  });
}
