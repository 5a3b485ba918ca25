// Notes which stretches of a text stood on the screen long enough to be read, and reports them.
// A text has a length in seconds; a place in it is the share of its characters that stand before.

import { Outbox } from "./beats.js";
import { Coverage } from "./coverage.js";

const LOOK = 500;       // milliseconds between two looks at the screen
const EVERY = 20;       // looks between two beats

class Text {
  constructor(body, length) {
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT), pieces = [];
    let whole = 0;
    while (walker.nextNode()) {
      const count = walker.currentNode.data.replace(/\s/g, "").length;
      if (count) pieces.push({ node: walker.currentNode, from: whole, to: whole + count });
      whole += count;
    }
    const scaled = (count) => (count * length) / whole;
    this.pieces = pieces.map(({ node, from, to }) => ({ node, from: scaled(from), to: scaled(to) }));
    this.last = this.pieces[pieces.length - 1];
  }

  // The stretches between the upper and the lower edge of the screen, from top to bottom.
  onScreen() {
    const seen = [];
    for (const { node, from, to } of this.pieces) {
      const { top, height } = box(node), share = (to - from) / height;
      const start = Math.max(0, -top), end = Math.min(height, innerHeight - top);
      if (height && end > start) seen.push([from + start * share, end === height ? to : from + end * share]);
    }
    return seen;
  }

  // Where somebody is: a quarter down the screen, and there a place is shown.
  here() {
    const line = innerHeight / 4, { node, from, to } = this.pieces.find((piece) => box(piece.node).bottom > line) || this.last;
    const { top, height } = box(node);
    return from + (to - from) * Math.min(1, Math.max(0, (line - top) / height));
  }

  show(place) {
    const piece = this.pieces.find(({ to }) => to > place) || this.last;
    const block = piece.node.parentElement;
    block.tabIndex = -1;
    block.focus({ preventScroll: true });
    const { top, height } = box(piece.node), share = (place - piece.from) / (piece.to - piece.from);
    scrollTo(0, scrollY + top + height * Math.max(0, share) - innerHeight / 4);
  }
}

// What was not read yet; of what stands on the screen, as much is read in a moment as can be.
class Unread {
  constructor(stretches, rate) {
    Object.assign(this, { stretches, rate, clock: performance.now() });
  }

  read(onScreen) {
    const now = performance.now(), taken = [];
    let budget = (Math.min(now - this.clock, 2 * LOOK) / 1000) * this.rate;
    this.clock = now;
    for (const [top, bottom] of onScreen) {
      for (const [from, to] of this.stretches) {
        const start = Math.max(from, top), end = Math.min(to, bottom, start + budget);
        if (end > start) {
          taken.push([start, end]);
          budget -= end - start;
        }
      }
    }
    for (const span of taken) this.leaveOut(span);
    return taken;
  }

  leaveOut([from, to]) {
    const rest = this.stretches.map(([start, end]) => [[start, Math.min(end, from)], [Math.max(start, to), end]]);
    this.stretches = [].concat(...rest).filter(([start, end]) => end - start > 0.05);
  }
}

function pairs(edges) {
  const numbers = edges ? edges.split(",").map(Number) : [];
  return numbers.filter((_, index) => index % 2 === 0).map((from, index) => [from, numbers[2 * index + 1]]);
}

function box(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  return range.getBoundingClientRect();
}

function bind(root) {
  const data = root.dataset, text = new Text(root.querySelector("[data-text]"), Number(data.length));
  if (!text.pieces.length) return;
  const unread = new Unread(pairs(data.unread), Number(data.rate));
  const coverage = new Coverage(root, Number(data.length));
  const outbox = new Outbox(data.beatUrl, data.visit, (status, answer) => {
    if (answer) unread.stretches = answer.gaps;
    if (answer) for (const span of outbox.all()) unread.leaveOut(span);
    coverage.hush(!answer || answer.state !== "completed");
    coverage.hear(status, answer);
  });
  const at = { place: 0, looks: 0, isReading: false };
  const look = () => {
    if (document.visibilityState === "hidden" || outbox.isClosed) return;
    const taken = unread.read(text.onScreen());
    at.place = text.here();
    for (const span of taken) outbox.add(...span);
    const isThrough = at.isReading && !taken.length;      // with all that stands on the screen
    at.isReading = taken.length > 0;
    at.looks += 1;
    if (isThrough || (at.looks % EVERY === 0 && outbox.all().length)) outbox.beat(at.place);
  };
  const leave = () => outbox.leave(at.place);
  coverage.hush(true);
  coverage.show("[data-missing]", Number(data.covered) > 0);
  root.querySelector("[data-by-hand]").hidden = true;      // for readers without this script
  setInterval(look, LOOK);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
  addEventListener("pagehide", leave);
  find(root, text);
}

// Ways to a place: the address, the links, and back here after the size of the text was changed.
function find(root, text) {
  const asked = /[?&]t=(\d+)/.exec(location.search), resume = root.querySelector("[data-place]");
  if (asked) text.show(Number(asked[1]));
  else if (resume) resume.hidden = false;
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-t]");
    if (!link) return;
    event.preventDefault();
    text.show(Number(link.dataset.t));
  });
  document.addEventListener("submit", ({ target }) => {
    const next = target.querySelector("[name=next]");
    if (next) next.value = `${location.pathname}?t=${Math.floor(text.here())}`;
  });
}

for (const root of document.querySelectorAll("[data-reading]")) bind(root);
