// Keeps what is typed into every form[data-keep]: on this device at once, on the server a moment later.
const words = document.querySelector("script[data-keep-for]").dataset;
const PAUSE = 1500, LIFE = 90 * 864e5, TICK = /checkbox|radio/;
const SKIP = /hidden|password|file|submit|button|reset|image|fieldset/;

function keep(form) {
  const key = form.dataset.keep, place = `draft:${words.keepFor}:${key}`;
  const my = { found: all("[data-draft-found]").find((note) => note.dataset.draftFound === key) };
  // While an older draft waits to be taken or not, the server's copy of it stays.
  const isFree = () => !my.found || "filled" in my.found.dataset;

  // Leaving a field says «change» once more: what is kept already stays as it is.
  function hear() {
    const now = JSON.stringify(typed(form));
    if (now === my.last && !my.isNew) return;
    my.last = now;
    my.isNew = true;
    store(false);
    clearTimeout(my.timer);
    if (isFree()) my.timer = setTimeout(send, PAUSE);
  }

  async function send() {
    my.isNew = false;
    const how = { method: "POST", body: letter(), credentials: "same-origin", redirect: "manual" };
    const reply = await fetch(words.keepUrl, how).catch(() => ({}));
    if (reply.status !== 204) my.isNew = true;
    else if (!my.isNew) store(true);
  }

  function letter() {
    const body = new FormData(), fields = typed(form);
    Object.keys(fields).forEach((name) => fields[name].forEach((value) => body.append(name, value)));
    ["csrfmiddlewaretoken", "draft_of"].forEach((name) => body.append(name, form.elements[name].value));
    body.append("draft", key);
    return body;
  }

  function store(isKept) {
    local((box) => box.setItem(place, JSON.stringify({ at: Date.now(), isKept, of: form.elements.draft_of.value, fields: typed(form) })));
    my.note = my.note || shown();
    my.note.lastElementChild.textContent = isKept ? words.both : words.here;
  }

  function shown() {
    const note = copy("data-keep-note"), own = form.querySelector(".draft-note");
    const last = Array.from(form.querySelectorAll("textarea")).pop();
    if (own) own.replaceWith(note);
    else if (last) last.after(note);
    else form.lastElementChild.before(note);
    return note;
  }

  function offer() {
    const kept = local((box) => JSON.parse(box.getItem(place)));
    if (!kept || Date.now() - kept.at > LIFE || (my.found && kept.isKept)) return;
    if (JSON.stringify(kept.fields) === JSON.stringify(typed(form))) return;
    const note = copy("data-keep-offer");
    note.addEventListener("click", ({ target }) => {
      if (target.type !== "button") return;
      note.remove();
      if ("drop" in target.dataset) return local((box) => box.removeItem(place));
      delete my.found;
      fill(form, kept.fields);
      hear();
    });
    form.before(note);
  }

  ["input", "change"].forEach((each) => form.addEventListener(each, hear));
  form.addEventListener("submit", (event) => {
    clearTimeout(my.timer);
    my.isNew = false;
    if (navigator.onLine) return;
    event.preventDefault();  // nothing can be sent: the page stays, and says what to do
    store(false);
    my.note.lastElementChild.textContent = words.offline;
  });
  addEventListener("pagehide", () => my.isNew && isFree() && navigator.sendBeacon(words.keepUrl, letter()));
  offer();
}

function all(what) {
  return Array.from(document.querySelectorAll(what));
}

function boxes(form) {
  return Array.from(form.elements).filter((box) => box.name && !SKIP.test(box.type));
}

function typed(form) {
  const fields = {};
  boxes(form).forEach((box) => {
    if (TICK.test(box.type) && !box.checked) return;
    const values = box.options ? Array.from(box.selectedOptions, (each) => each.value) : [box.value];
    fields[box.name] = (fields[box.name] || []).concat(values);
  });
  return fields;
}

function fill(form, fields) {
  boxes(form).forEach((box) => {
    const values = fields[box.name] || [];
    if (TICK.test(box.type)) box.checked = values.includes(box.value);
    else if (box.options) Array.from(box.options, (each) => (each.selected = values.includes(each.value)));
    else if (values.length) box.value = values.shift();
  });
}

function copy(name) {
  return document.querySelector(`template[${name}]`).content.cloneNode(true).firstElementChild;
}

// A browser may refuse its storage: then the server alone keeps.
function local(deed) {
  try {
    return deed(localStorage);
  } catch (trouble) {
    return null;
  }
}

// What the server told in a cookie since the last run; read once.
function told(name) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  if (found) document.cookie = `${name}=; path=/; max-age=0`;
  return found ? found.slice(name.length + 1).split("~").map((each) => `draft:${decodeURIComponent(each)}`) : [];
}

const taken = told("taken"), gone = told("forget").map((each) => `${each}:`);
local((box) => Object.keys(box).forEach((place) => {
  if (taken.includes(place) || gone.some((each) => place.startsWith(each))) box.removeItem(place);
}));
if (words.keepFor) all("form[data-keep]").forEach(keep);
