// A sound has large buttons of its own, and the phone's lock screen knows what plays and can move in it.

const SPEEDS = [1, 1.25, 1.5, 0.75];
const STEP = 15;

function bind(tools) {
  const media = tools.parentElement.querySelector("audio");
  const move = (seconds) => { media.currentTime = Math.max(0, Math.min(media.currentTime + seconds, media.duration || 0)); };
  const play = () => media.play().catch(() => {});
  const deeds = {
    toggle: () => (media.paused ? play() : media.pause()),
    back: () => move(-STEP),
    rate: () => { media.playbackRate = SPEEDS[(SPEEDS.indexOf(media.playbackRate) + 1) % SPEEDS.length]; },
  };
  tools.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-deed]");
    if (button) deeds[button.dataset.deed]();
  });
  const tell = () => {
    for (const each of tools.querySelectorAll("[data-when]")) each.hidden = (each.dataset.when === "paused") !== media.paused;
    tools.querySelector("[data-rate]").textContent = media.playbackRate;
  };
  for (const name of ["play", "pause", "ended", "ratechange"]) media.addEventListener(name, tell);
  tools.hidden = false;
  tell();
  if ("mediaSession" in navigator) tellTheLockScreen(media, tools.dataset, { play, move });
}

function tellTheLockScreen(media, { title, artist, album, poster }, { play, move }) {
  const session = navigator.mediaSession;
  session.metadata = new MediaMetadata({ title, artist, album, artwork: poster ? [{ src: poster }] : [] });
  const handlers = {
    play,
    pause: () => media.pause(),
    seekbackward: ({ seekOffset }) => move(-(seekOffset || STEP)),
    seekforward: ({ seekOffset }) => move(seekOffset || STEP),
    seekto: ({ seekTime }) => { media.currentTime = seekTime; },
  };
  for (const [name, deed] of Object.entries(handlers)) {
    try {
      session.setActionHandler(name, deed);
    } catch (trouble) {
      // This browser does not know that button.
    }
  }
}

for (const tools of document.querySelectorAll("[data-tools]")) bind(tools);
