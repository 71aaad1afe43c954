import type { PolicyInput } from '../../protocol/policy.ts';

/** Frame rates of a policy. */
export interface Rate {
  readonly name: string;
  readonly policy: PolicyInput;
  /** Frames per second of a student. */
  readonly sent: number;
  readonly analysed: number;
}

const DEFAULT = { sent: 2, analysed: 1 };

export const RATES: readonly Rate[] = [
  { name: 'default policy', policy: {}, ...DEFAULT },
  ...[2, 5].map((fps) => ({
    name: `${fps} frames/s`,
    policy: { frames: { sendFps: fps, analyseFps: fps } },
    sent: fps,
    analysed: fps,
  })),
];
