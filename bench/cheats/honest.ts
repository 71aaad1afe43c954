import { seeded, type Random } from '../../simulator/draw/prng.ts';
import type { Posture } from '../../simulator/fixtures/sitting-person.ts';
import { empty, hidden, joined, Person } from './person.ts';
import type { Second, Sitting } from './script.ts';

/** Something that people do now and then. */
export interface Habit {
  /** Times in an hour, on average. */
  readonly hourly: number;
  /** Seconds, from and to. */
  readonly lasts: readonly [number, number];
  readonly does: 'glance' | 'down' | 'up' | 'drink' | 'scratch' | 'lean' | 'passer' | 'dialog' | 'stall' | 'gap';
}

/** Rates are guesses, on the busy side; people differ by the factor `restless`. */
export const HABITS: readonly Habit[] = [
  { does: 'glance', hourly: 60, lasts: [1, 2] },
  { does: 'down', hourly: 70, lasts: [1, 2.5] },
  { does: 'up', hourly: 12, lasts: [1.5, 4] },
  { does: 'drink', hourly: 3, lasts: [3, 6] },
  { does: 'scratch', hourly: 6, lasts: [1, 4] },
  { does: 'lean', hourly: 1.5, lasts: [2, 6] },
  // A pet, or somebody in the background, further away than counts, and seldom nearer for a moment.
  { does: 'passer', hourly: 0.5, lasts: [1, 8] },
  // Printing, or choosing a file: the page says so.
  { does: 'dialog', hourly: 1, lasts: [5, 40] },
];
/** Short losses of the connection in every sitting, seconds from and to. */
const CUTS = { times: 2, lasts: [2, 8] } as const;
const ON_POOR_LINES: readonly Habit[] = [
  { does: 'stall', hourly: 4, lasts: [3, 14] },
  { does: 'gap', hourly: 1, lasts: [5, 25] },
];
/**
 * Who does not press "Finish": some close the page in the last sixth of the time, some are cut off in the last minutes.
 */
const LEAVES = { share: 0.25, within: 1 / 6 } as const;
const CUT_OFF = { share: 0.1, within: 1 / 24 } as const;
/** The page asks to look straight ahead for the first seconds. */
const CALIBRATION = 12;
/** A share of the frames in which a detector misses a face, or sees one that is none. */
const MISSED = 0.004;
const FALSE = 0.0008;
/** Clicks and keys that are noted, by the hour. */
const SIGNALS = { CONTEXT_MENU: 4, COPY: 3, PASTE: 1.5, WINDOW_BLUR: 1, TAB_SWITCH: 0.2 } as const;

export interface Stretch extends Pick<Habit, 'does'> {
  readonly from: number;
  readonly to: number;
  /** -1..1. */
  readonly how: number;
}

/** When somebody does what. */
export function plan(random: Random, seconds: number, habits: readonly Habit[], restless: number): Stretch[] {
  return habits.flatMap(({ does, hourly, lasts: [least, most] }) => {
    const stretches: Stretch[] = [];
    for (let at = CALIBRATION; ;) {
      at += (-Math.log(1 - random()) * 3600) / (hourly * restless);
      if (at >= seconds) return stretches;
      const to = at + least + random() * (most - least);
      stretches.push({ does, from: at, to, how: random() * 2 - 1 });
      at = to;
    }
  });
}

function cuts(random: Random, seconds: number): Stretch[] {
  const [least, most] = CUTS.lasts;
  return Array.from({ length: CUTS.times }, () => {
    const from = CALIBRATION + random() * (seconds - CALIBRATION);
    return { does: 'gap', from, to: from + least + random() * (most - least), how: 0 };
  });
}

/** By second, so that a sitting of hours is looked up at once. */
export function bySecond(stretches: readonly Stretch[]): Map<number, Stretch[]> {
  const at = new Map<number, Stretch[]>();
  for (const stretch of stretches)
    for (let second = Math.floor(stretch.from); second <= stretch.to; second++)
      at.set(second, [...(at.get(second) ?? []), stretch]);
  return at;
}

/** An honest sitting: reads, types, thinks, drinks, leans out; on a line and in a light that change. */
export function honest(seed: number, seconds: number): Sitting {
  const random = seeded(seed * 7919 + 1);
  const restless = 0.5 + random() * 1.3;
  const isPoor = random() < 0.3;
  const person = new Person(seed * 31 + 7, seconds + 1, 0.4 + random() * 0.4);
  const planned = plan(random, seconds, isPoor ? [...HABITS, ...ON_POOR_LINES] : HABITS, restless);
  const stretches = bySecond([...planned, ...cuts(random, seconds)]);
  /** A telephone's or a hotel's network: it changes with the connection. */
  const roams = random() < 0.1;
  let network = 0;
  const slow = isPoor ? 2 : 1;
  const light = { at: random() * seconds, to: 0.5 + random() };
  const gone = leaves(seeded(seed * 104_729 + 3), seconds);
  return {
    name: `honest ${seed}`,
    seed,
    script: (second, own) => {
      if (second >= gone.at)
        return { connected: false, ...(gone.closes && second < gone.at + 1 && { signals: CLOSED }) };
      const now = (stretches.get(Math.floor(second)) ?? []).filter(({ from, to }) => second >= from && second < to);
      const signals = signalsOf(own, restless);
      const is = (does: Habit['does']) => now.find((one) => one.does === does);
      if (is('gap')) {
        if (roams) network = Math.floor(second);
        return { connected: false };
      }
      const page: Second = {
        signals,
        origin: { network: String(network) },
        ...(is('dialog') && { state: { visible: true, focused: false, explained: 'print' } }),
      };
      if (is('stall') || Math.floor(second) % slow !== 0) return page;
      return { ...page, more: isPoor ? 0 : 1, frame: { detection: seen(person, second, own, is, light) } };
    },
  };
}

/** A page that is closed is hidden first. */
const CLOSED: NonNullable<Second['signals']> = [{ type: 'TAB_SWITCH' }];

/** When somebody is gone for good without having finished, seconds; infinity: not. */
function leaves(random: Random, seconds: number): { readonly at: number; readonly closes: boolean } {
  const kind = random();
  const closes = kind < LEAVES.share;
  if (!closes && kind >= LEAVES.share + CUT_OFF.share) return { at: Infinity, closes };
  return { at: seconds * (1 - random() * (closes ? LEAVES : CUT_OFF).within), closes };
}

function signalsOf(random: Random, restless: number): NonNullable<Second['signals']> {
  return Object.entries(SIGNALS).flatMap(([type, hourly]) => {
    if (random() >= (hourly * restless) / 3600) return [];
    const lasted = type === 'WINDOW_BLUR' || type === 'TAB_SWITCH' ? 1 + random() * 3 : 0;
    return [{ type, lasted }];
  });
}

function seen(
  person: Person,
  second: number,
  random: Random,
  is: (does: Habit['does']) => Stretch | undefined,
  light: { readonly at: number; readonly to: number },
) {
  const turned: Partial<Posture> = {};
  const [glance, down, up, scratch, passer] = [is('glance'), is('down'), is('up'), is('scratch'), is('passer')];
  const posture = person.posture(second);
  if (glance) Object.assign(turned, { yaw: posture.yaw + glance.how * 45, gazeYaw: glance.how * 20 });
  if (down) Object.assign(turned, { pitch: posture.pitch - 22 + down.how * 8, gazePitch: -12 });
  if (up) Object.assign(turned, { pitch: posture.pitch + 20 + up.how * 10, gazePitch: 15 });
  let detection = person.seen(second, random, turned);
  if (is('drink') || (scratch && scratch.how > 0)) detection = hidden(detection);
  if (is('lean') || random() < MISSED) detection = empty(detection);
  if (passer) detection = joined(detection, 0.25 + Math.abs(passer.how) * 0.1);
  if (random() < FALSE) detection = joined(detection, 0.5);
  if (second < light.at) return detection;
  const print = detection.print.map((value) => Math.min(255, value * light.to));
  const faceLuma = detection.faceLuma && { ...detection.faceLuma, mean: 120 * light.to };
  return { ...detection, print, faceLuma, luma: { mean: 120 * light.to, deviation: 50 * light.to } };
}
