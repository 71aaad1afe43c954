let context: AudioContext | undefined;
let lastAt = 0;

/** Minimum time between two alerts, ms. */
const PAUSE_MS = 3000;

/** Alert of two short synthesised tones. Silent until the first click where the browser requires one. */
export function playAlert(): void {
  const now = Date.now();
  if (now - lastAt < PAUSE_MS) return;
  lastAt = now;
  context ??= new AudioContext();
  const { currentTime } = context;
  if (context.state === 'suspended') void context.resume().catch(() => {});
  for (const [i, frequency] of [660, 880].entries()) tone(context, frequency, currentTime + i * 0.18);
}

function tone(audio: AudioContext, frequency: number, at: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(0.15, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.16);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.18);
}
