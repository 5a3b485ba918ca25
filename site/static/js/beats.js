// Sends what was studied, and keeps on this device what has not arrived: a lost network loses nothing.
// Kept spans go out under the visit that made them, since the server's clock counts by visit; and only while the
// account that made them is signed in: each has a store of its own.

const STORE = `study-kept:${document.documentElement.dataset.account || ""}`;
const HEARTBEAT = "/study/heartbeat/";
const LIFE = 12 * 3600e3;      // as long as a visit is valid
const SILENCE = 150e3;         // a page silent for so long is gone

export class Outbox {
  constructor(url, visit, hear) {
    Object.assign(this, { url, hear, sent: [], isBusy: false, isWanted: false, isNew: false, isClosed: false });
    this.mine = { visit, page: location.pathname, seq: 0, began: Date.now(), spans: [], position: 0 };
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.mine.seq += 2;      // another page may have sent ours meanwhile
    });
    this.run();
  }

  all() {
    return united([...this.sent, ...this.mine.spans]);
  }

  add(from, to) {
    const span = [from, to].map((edge) => Math.round(edge * 10) / 10);
    if (this.isClosed || span[1] <= span[0]) return;
    this.mine.spans.push(span);
    this.isNew = true;
  }

  beat(position) {
    this.mine.position = position;
    this.isWanted = true;
    this.run();
  }

  // The page is going. A beacon gets no answer, so what it carries stays kept.
  leave(position) {
    this.mine.position = position;
    if (this.isClosed || !this.isNew) return;
    this.isNew = false;
    this.keep(true);
    const body = new Blob([letter(this.mine, this.all())], { type: "text/plain" });
    if (navigator.sendBeacon) navigator.sendBeacon(this.url, body);
  }

  async run() {
    if (this.isBusy) return;
    this.isBusy = true;
    await this.sendOld();
    while (this.isWanted && !this.isClosed) {
      this.isWanted = false;
      await this.sendMine();
    }
    this.isBusy = false;
  }

  async sendMine() {
    this.sent = united(this.mine.spans);
    this.mine.spans = [];
    this.keep();
    const { status, answer } = await post(this.url, this.mine, this.sent);
    if (status === "kept") this.mine.spans = this.all();
    this.sent = [];
    // What only the group has completed goes on.
    this.isClosed = status === "refused" || (status === "taken" && answer.closed);
    if (this.isClosed) this.mine.spans = [];
    this.keep();
    this.hear(status, answer);
  }

  // When something of this very page comes home, what it shows is out of date.
  async sendOld() {
    const isOld = (entry) => entry.visit !== this.mine.visit && (entry.isLeft || Date.now() - entry.touched >= SILENCE);
    await sendKept(isOld, (entry) => {
      if (entry.page === this.mine.page) this.isWanted = true;
    }, this.url);
  }

  keep(isLeft = false) {
    const spans = this.all(), mine = { ...this.mine, spans, isLeft, touched: Date.now() };
    store([...stored().filter((entry) => entry.visit !== mine.visit), ...(spans.length ? [mine] : [])]);
  }
}

// Sends what this account keeps here; true where nothing of it is left.
export async function sendKept(isMeant = () => true, hear = () => {}, url = HEARTBEAT) {
  for (const entry of stored().filter(isMeant)) {
    const isOver = Date.now() - entry.began > LIFE;
    const { status } = isOver ? { status: "refused" } : await post(url, entry, entry.spans);
    if (status === "kept") return false;
    store(stored().filter((other) => other.visit !== entry.visit));
    if (status === "taken") hear(entry);
  }
  return true;
}

function united(spans) {
  const union = [];
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    const last = union[union.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else union.push([from, to]);
  }
  return union;
}

function letter(entry, spans) {
  const { visit, position, began } = entry;
  entry.seq += 1;
  return JSON.stringify({ visit, seq: entry.seq, spans, position, at: Date.now() - began });
}

// Taken (with an answer), refused for good, or kept for another try.
async function post(url, entry, spans) {
  const patience = new AbortController();
  setTimeout(() => patience.abort(), 20e3);
  const how = { method: "POST", body: letter(entry, spans), credentials: "omit", keepalive: true, signal: patience.signal };
  try {
    const reply = await fetch(url, how);
    if (reply.ok) return { status: "taken", answer: await reply.json() };
    return { status: reply.status >= 500 || reply.status === 429 ? "kept" : "refused" };
  } catch (trouble) {
    return { status: "kept" };
  }
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) || [];
  } catch (trouble) {
    return [];
  }
}

function store(entries) {
  try {
    if (entries.length) localStorage.setItem(STORE, JSON.stringify(entries.slice(-20)));
    else localStorage.removeItem(STORE);
  } catch (trouble) {
    // No storage: what is kept lives as long as the page.
  }
}
