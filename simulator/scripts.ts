import type { ClipName } from './draw/clips.ts';
import { isClip, type Script } from './script.ts';

/** All behaviours of simulated students. */
export const SCRIPTS: readonly Script[] = [
  {
    name: 'attentive',
    about: 'looks at the screen',
    period: 30,
    steps: [{ at: 0, clip: 'attentive' }],
  },
  {
    name: 'leaves',
    about: 'leaves the frame for 9 s of every 36',
    period: 36,
    steps: [
      { at: 0, clip: 'attentive' },
      { at: 20, clip: 'empty' },
      { at: 29, clip: 'attentive' },
    ],
  },
  {
    name: 'second-person',
    about: 'a second person in the frame for 8 s of every 40',
    period: 40,
    steps: [
      { at: 0, clip: 'attentive' },
      { at: 22, clip: 'second' },
      { at: 30, clip: 'attentive' },
    ],
  },
  {
    name: 'looks-away',
    about: 'turns the head away for 7 s of every 30',
    period: 30,
    steps: [
      { at: 0, clip: 'attentive' },
      { at: 16, clip: 'away' },
      { at: 23, clip: 'attentive' },
    ],
  },
  {
    name: 'looks-down',
    about: 'looks down for 8 s of every 32',
    period: 32,
    steps: [
      { at: 0, clip: 'attentive' },
      { at: 18, clip: 'down' },
      { at: 26, clip: 'attentive' },
    ],
  },
  {
    name: 'switches-tabs',
    about: 'leaves the page, copies and pastes: 6 signals every 20 s',
    period: 20,
    steps: [
      { at: 0, clip: 'attentive' },
      { at: 3, signal: 'TAB_SWITCH' },
      { at: 3.1, signal: 'WINDOW_BLUR' },
      { at: 7, signal: 'COPY' },
      { at: 9, signal: 'PASTE' },
      { at: 14, signal: 'FULLSCREEN_EXIT' },
      { at: 14, signal: 'TAB_SWITCH' },
    ],
  },
  {
    name: 'covers-camera',
    about: 'covers the camera for 8 s of every 36',
    period: 36,
    steps: [
      { at: 0, clip: 'attentive' },
      { at: 20, clip: 'covered' },
      { at: 28, clip: 'attentive' },
    ],
  },
  {
    name: 'drops',
    about: 'network down for 4 s of every 30, with signals just before, during and after',
    period: 30,
    steps: [
      { at: 0, clip: 'attentive' },
      { at: 11.99, signal: 'WINDOW_BLUR' },
      { at: 12, cut: 4 },
      { at: 13, signal: 'TAB_SWITCH' },
      { at: 14, signal: 'COPY' },
      { at: 17, signal: 'PASTE' },
    ],
  },
  {
    name: 'mixed',
    about: 'a little of everything in 90 s',
    period: 90,
    steps: [
      { at: 0, clip: 'attentive' },
      { at: 10, signal: 'TAB_SWITCH' },
      { at: 18, clip: 'away' },
      { at: 24, clip: 'attentive' },
      { at: 32, signal: 'COPY' },
      { at: 36, clip: 'empty' },
      { at: 43, clip: 'attentive' },
      { at: 50, cut: 3 },
      { at: 51, signal: 'PASTE' },
      { at: 58, clip: 'second' },
      { at: 64, clip: 'attentive' },
      { at: 70, clip: 'down' },
      { at: 76, clip: 'covered' },
      { at: 81, clip: 'attentive' },
      { at: 86, signal: 'SECOND_SCREEN' },
    ],
  },
];

/** A typical class: two in ten do nothing notable, the others one thing each. */
const MIX = [
  'switches-tabs',
  'attentive',
  'looks-away',
  'leaves',
  'second-person',
  'drops',
  'mixed',
  'looks-down',
  'attentive',
  'covers-camera',
] as const;

/** @throws Error listing the known names */
export function scriptNamed(name: string): Script {
  const found = SCRIPTS.find((script) => script.name === name);
  if (!found)
    throw new Error(`unknown script ${name}; known scripts: ${SCRIPTS.map((script) => script.name).join(', ')}`);
  return found;
}

/** The behaviour of student number `index`: the named one for all, or the mix in turn. */
export function scriptFor(index: number, name?: string): Script {
  return scriptNamed(name ?? MIX[index % MIX.length] ?? 'attentive');
}

/** Clips used by this many students together; others need not be drawn. */
export function clipsShown(students: number, name?: string): ClipName[] {
  const scripts = Array.from({ length: Math.min(students, MIX.length) }, (_, index) => scriptFor(index, name));
  return [
    ...new Set<ClipName>([
      'attentive',
      ...scripts.flatMap((script) => script.steps.filter(isClip).map((step) => step.clip)),
    ]),
  ];
}
