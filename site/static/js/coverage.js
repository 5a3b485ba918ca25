// Shows how much has been seen: one sentence, the bar with its blanks, and the way to each blank.

export class Coverage {
  constructor(root, length) {
    Object.assign(this, { root, length, say: root.querySelector(".coverage-say") });
  }

  // Speaks only while nothing plays: a screen reader would talk over the lesson.
  hush(isPlaying) {
    this.say.setAttribute("aria-live", isPlaying ? "off" : "polite");
  }

  hear(status, answer) {
    this.show("[data-offline]", status === "kept");
    this.show("[data-refused]", status === "refused");
    if (!answer) return;
    const isDone = answer.state === "completed", gaps = isDone ? [] : answer.gaps;
    if (this.say.textContent !== answer.say) this.say.textContent = answer.say;
    this.show("[data-done]", isDone);
    this.show("[data-todo]", !isDone);
    this.show("[data-missing]", !isDone && answer.covered > 0 && gaps.length > 0);
    this.drawSeen(gaps);
    this.listGaps(gaps);
  }

  show(part, isShown) {
    for (const each of this.root.querySelectorAll(part)) each.hidden = !isShown;
  }

  // The bar is as many units wide as the lesson has seconds.
  drawSeen(gaps) {
    const seen = gaps.map(([from, to]) => `H${from}M${to} 10`).join(""), bar = this.root.querySelector("[data-seen]");
    if (bar) bar.setAttribute("d", `M0 10${seen}H${this.length}`);
  }

  listGaps(gaps) {
    if (gaps.length) this.root.querySelector("[data-jump]").dataset.t = gaps[0][0];
    const list = this.root.querySelector("[data-gaps]");
    if (!list) return;
    for (const link of list.querySelectorAll("a")) link.remove();
    for (const [from, to] of gaps.slice(0, 8)) {
      const link = list.appendChild(document.createElement("a"));
      Object.assign(link, { href: "#player", textContent: clock(from) + "–" + clock(to) });
      link.dataset.t = from;
    }
  }
}

function clock(seconds) {
  return [seconds / 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
}
