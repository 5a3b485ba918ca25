// Notes which stretches of a video or sound really ran, and reports them.
// A stretch grows with played time only; a jump ends it and never bridges the gap.

import { Outbox } from "./beats.js";
import { Coverage } from "./coverage.js";

const EVERY = 15e3;
const SLACK = 0.5;      // seconds by which a player's clock may run ahead of ours

class Played {
  constructor(media, take) {
    Object.assign(this, { media, take, rate: media.playbackRate, stretch: null });
    const on = (names, deed) => names.forEach((name) => media.addEventListener(name, deed));
    on(["timeupdate"], () => this.tick());
    on(["playing", "seeked"], () => this.begin());
    on(["seeking", "emptied", "error"], () => this.end());
    on(["pause", "ended", "waiting"], () => { this.tick(); this.end(); });
    on(["ratechange"], () => { this.tick(); this.rate = media.playbackRate; });
  }

  isRunning() {
    return !this.media.paused && !this.media.seeking;
  }

  begin() {
    const at = this.media.currentTime;
    if (!this.stretch && this.isRunning()) this.stretch = { from: at, to: at, clock: performance.now() };
  }

  tick() {
    if (!this.stretch) return this.begin();
    if (this.media.seeking) return this.end();
    const now = performance.now(), at = this.media.currentTime;
    const step = at - this.stretch.to, most = ((now - this.stretch.clock) / 1000) * this.rate + SLACK;
    if (step < -SLACK || step > most) {
      this.end();
      this.begin();
    } else if (step > 0) {
      Object.assign(this.stretch, { to: at, clock: now });
    }
  }

  end() {
    this.handOver();
    this.stretch = null;
  }

  handOver() {
    if (!this.stretch) return;
    this.take(this.stretch.from, this.stretch.to);
    this.stretch.from = this.stretch.to;
  }
}

function bind(root) {
  const media = root.querySelector("video, audio"), data = root.dataset;
  resume(media, data);
  root.addEventListener("click", (event) => jump(event, media));
  media.addEventListener("error", () => { root.querySelector("[data-broken]").hidden = false; });
  if (data.visit) record(root, media);
}

function record(root, media) {
  const coverage = new Coverage(root.querySelector(".coverage"), Number(root.dataset.length));
  const outbox = new Outbox(root.dataset.beatUrl, root.dataset.visit, (status, answer) => coverage.hear(status, answer));
  const played = new Played(media, (from, to) => outbox.add(from, to));
  const gather = () => {
    played.tick();
    played.handOver();
    return media.currentTime;
  };
  const leave = () => outbox.leave(gather());
  const rest = () => {
    coverage.hush(false);
    outbox.beat(gather());
  };
  setInterval(() => (played.isRunning() || outbox.all().length) && outbox.beat(gather()), EVERY);
  media.addEventListener("playing", () => coverage.hush(true));
  media.addEventListener("pause", rest);
  media.addEventListener("ended", rest);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
  addEventListener("pagehide", leave);
}

// Where the address says, else where one stopped; never at the very end.
function resume(media, { position, length }) {
  const asked = /[?&]t=(\d+)/.exec(location.search);
  const from = asked ? asked[1] : position < length - 5 && position;
  if (Number(from)) whenKnown(media, () => { media.currentTime = from; });
}

function jump(event, media) {
  const link = event.target.closest("a[data-t]");
  if (!link) return;
  event.preventDefault();
  whenKnown(media, () => { media.currentTime = Number(link.dataset.t); });
  media.play().catch(() => {});      // some browsers want a press on the picture itself
  media.scrollIntoView({ block: "center" });
}

function whenKnown(media, deed) {
  if (media.readyState) deed();
  else media.addEventListener("loadedmetadata", deed, { once: true });
}

for (const root of document.querySelectorAll("[data-player]")) bind(root);
