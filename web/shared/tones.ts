let context: AudioContext | undefined;

/** Short synthesised tones, one after another. Silent until the first click where the browser requires one. */
export function playTones(frequenciesHz: readonly number[]): void {
  context ??= new AudioContext();
  const { currentTime } = context;
  if (context.state === 'suspended') void context.resume().catch(() => {});
  for (const [i, frequency] of frequenciesHz.entries()) tone(context, frequency, currentTime + i * 0.18);
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
