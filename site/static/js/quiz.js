// Keeps an answer as soon as it is given: on the server, and while there is no network on this device.
// Without this module the buttons of the form do the same, a question at a time.

const STORE = `quiz-kept:${document.documentElement.dataset.account || ""}`;      // each account's own

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) || {};
  } catch (error) {
    return {};
  }
}

function store(kept) {
  try {
    if (Object.keys(kept).length) localStorage.setItem(STORE, JSON.stringify(kept));
    else localStorage.removeItem(STORE);
  } catch (error) {
    // a browser that keeps nothing still has the buttons
  }
}

// Sends what this account keeps here; the status of the last answer, 0 where the network is gone.
export async function sendAnswers(token, hear = () => {}) {
  for (const [key, given] of Object.entries(stored())) {
    if (key === "action") continue;
    const [attempt, place] = key.split("/");
    const body = new URLSearchParams({ attempt, place, go: "stay", csrfmiddlewaretoken: token });
    for (const value of given) body.append("answer", value);
    const answer = await fetch(stored().action, { method: "POST", body, keepalive: true }).catch(() => ({ status: 0 }));
    if (answer.status !== 204) return answer.status;
    const kept = stored();
    if (JSON.stringify(kept[key]) === JSON.stringify(given)) delete kept[key];
    store(Object.keys(kept).length > 1 ? kept : {});
    hear();
  }
  return 204;
}

class Sheet {
  constructor(form) {
    this.form = form;
    this.mine = form.dataset.attempt + "/" + form.elements.place.value;
    this.inputs = [...form.querySelectorAll("[name=answer]")];
    this.last = Promise.resolve();
    form.addEventListener("change", () => this.keep());
    form.addEventListener("input", (event) => event.target.type === "text" && this.hold());
    form.addEventListener("submit", () => this.hold());
    addEventListener("online", () => this.send());
    addEventListener("pagehide", () => this.inputs.some((input) => input.type === "text") && this.isHeld() && this.send());
    this.resume();
  }

  given() {
    return this.inputs.filter((input) => input.type === "text" || input.checked).map((input) => input.value);
  }

  isHeld() {
    return this.mine in stored();
  }

  hold() {
    store({ ...stored(), [this.mine]: this.given(), action: this.form.getAttribute("action") });
  }

  // What this device holds of this attempt and never arrived; what belongs to another attempt is out of date.
  resume() {
    const attempt = this.form.dataset.attempt + "/", kept = {};
    for (const [place, given] of Object.entries(stored())) if (place.startsWith(attempt)) kept[place] = given;
    if (Object.keys(kept).length) kept.action = this.form.getAttribute("action");
    store(kept);
    const given = kept[this.mine];
    if (given) {
      for (const input of this.inputs) {
        if (input.type === "text") input.value = given[0] || "";
        else input.checked = given.includes(input.value);
      }
    }
    this.send();
  }

  keep() {
    this.hold();
    this.send();
  }

  // One after the other, so that the last choice is the one that stays.
  send() {
    this.last = this.last.then(() => this.sendAll());
  }

  async sendAll() {
    const status = await sendAnswers(this.form.elements.csrfmiddlewaretoken.value, () => this.say("at-once"));
    if (!status) this.say("on-device");      // another one than 204: signed out or handed in, the next step says so
  }

  say(which) {
    for (const each of ["by-button", "at-once", "on-device"]) {
      this.form.querySelector(`[data-${each}]`).hidden = each !== which;
    }
  }
}

for (const form of document.querySelectorAll("form[data-attempt]")) new Sheet(form);
