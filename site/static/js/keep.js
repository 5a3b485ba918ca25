// Keeps what is typed into every form[data-keep]: on this device at once, on the server a moment later.
const words = document.querySelector("script[data-keep-for]").dataset;
const PAUSE = 1500, LIFE = 90 * 864e5;
const SKIP = /^(hidden|password|file|submit|button|reset|image|fieldset)$/, TICK = /^(checkbox|radio)$/;

class Kept {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.keep;
    this.place = `draft:${words.keepFor}:${this.key}`;
    this.found = Array.from(document.querySelectorAll("[data-draft-found]"))
      .find((note) => note.dataset.draftFound === this.key);
    this.isDirty = false;
    form.addEventListener("input", () => this.hear());
    form.addEventListener("change", () => this.hear());
    form.addEventListener("submit", () => this.leave());
    addEventListener("pagehide", () => this.beacon());
    this.offer();
  }

  // While an older draft waits to be taken or not, the server's copy of it stays.
  get isFree() {
    return !this.found || "filled" in this.found.dataset;
  }

  hear() {
    this.isDirty = true;
    this.store(false);
    this.say(words.here);
    clearTimeout(this.timer);
    if (this.isFree) this.timer = setTimeout(() => this.send(), PAUSE);
  }

  leave() {
    clearTimeout(this.timer);
    if (this.isDirty) this.store(false);
    this.isDirty = false;
  }

  beacon() {
    if (this.isDirty && this.isFree && navigator.sendBeacon) navigator.sendBeacon(words.keepUrl, this.letter());
  }

  async send() {
    this.isDirty = false;
    const how = { method: "POST", body: this.letter(), credentials: "same-origin", redirect: "manual" };
    const reply = await fetch(words.keepUrl, how).catch(() => ({}));
    if (reply.status === 204 && !this.isDirty) {
      this.store(true);
      this.say(words.both);
    } else if (reply.status !== 204) this.isDirty = true;
  }

  letter() {
    const body = new FormData(), fields = typed(this.form);
    Object.keys(fields).forEach((name) => fields[name].forEach((value) => body.append(name, value)));
    for (const name of ["csrfmiddlewaretoken", "draft_of"]) {
      const box = this.form.querySelector(`input[name=${name}]`);
      if (box) body.append(name, box.value);
    }
    body.append("draft", this.key);
    return body;
  }

  store(isKept) {
    try {
      localStorage.setItem(this.place, JSON.stringify({ at: Date.now(), isKept, fields: typed(this.form) }));
    } catch (trouble) {
      // No storage: the server keeps it.
    }
  }

  say(text) {
    if (!this.note) {
      this.note = copy("data-keep-note");
      const own = this.form.querySelector(".draft-note"), texts = this.form.querySelectorAll("textarea");
      if (own) own.replaceWith(this.note);
      else if (texts.length) texts[texts.length - 1].after(this.note);
      else this.form.append(this.note);
    }
    this.note.lastElementChild.textContent = text;
  }

  offer() {
    const kept = read(this.place);
    if (!kept || Date.now() - kept.at > LIFE || (this.found && kept.isKept)) return;
    if (JSON.stringify(kept.fields) === JSON.stringify(typed(this.form))) return;
    const note = copy("data-keep-offer");
    note.querySelector("[data-use]").addEventListener("click", () => {
      fill(this.form, kept.fields);
      note.remove();
      this.found = null;
      this.hear();
    });
    note.querySelector("[data-drop]").addEventListener("click", () => {
      localStorage.removeItem(this.place);
      note.remove();
    });
    this.form.before(note);
  }
}

function boxes(form) {
  return Array.from(form.elements).filter((box) => box.name && !SKIP.test(box.type));
}

function typed(form) {
  const fields = {};
  for (const box of boxes(form)) {
    if (TICK.test(box.type) && !box.checked) continue;
    const values = box.options ? Array.from(box.selectedOptions, (option) => option.value) : [box.value];
    fields[box.name] = (fields[box.name] || []).concat(values);
  }
  return fields;
}

function fill(form, fields) {
  const waiting = JSON.parse(JSON.stringify(fields));
  for (const box of boxes(form)) {
    const values = fields[box.name] || [];
    if (TICK.test(box.type)) box.checked = values.includes(box.value);
    else if (box.options) for (const option of box.options) option.selected = values.includes(option.value);
    else if (values.length) box.value = waiting[box.name].shift() || "";
  }
}

function copy(name) {
  return document.importNode(document.querySelector(`template[${name}]`).content, true).firstElementChild;
}

function read(place) {
  try {
    return JSON.parse(localStorage.getItem(place));
  } catch (trouble) {
    return null;
  }
}

// What the server told in a cookie since the last run; read once.
function told(name) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  if (!found) return [];
  document.cookie = `${name}=; path=/; max-age=0`;
  return found.slice(name.length + 1).split("~").map(decodeURIComponent);
}

function forget(isGone) {
  try {
    Object.keys(localStorage).filter(isGone).forEach((place) => localStorage.removeItem(place));
  } catch (trouble) {
    // No storage, nothing kept.
  }
}

const taken = told("taken").map((each) => `draft:${each}`), gone = told("forget").map((each) => `draft:${each}:`);
forget((place) => taken.includes(place) || gone.some((start) => place.startsWith(start)));
if (words.keepFor) document.querySelectorAll("form[data-keep]").forEach((form) => new Kept(form));
