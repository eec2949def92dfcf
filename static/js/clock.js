// The server's clock on the page: <time data-clock>09:32:07</time> goes on from what the server wrote, whatever this machine's clock says.

const SECONDS_A_DAY = 86_400;
const arrived = performance.now();

export function secondsOf(text) {
  const [hours, minutes, seconds] = text.trim().split(":").map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

export function textOf(seconds) {
  const whole = ((Math.floor(seconds) % SECONDS_A_DAY) + SECONDS_A_DAY) % SECONDS_A_DAY;
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map(part => String(part).padStart(2, "0")).join(":");
}

function run(clock) {
  const start = secondsOf(clock.textContent);
  setInterval(() => {
    clock.textContent = textOf(start + (performance.now() - arrived) / 1000);
  }, 1000);
}

document.querySelectorAll("[data-clock]").forEach(run);
