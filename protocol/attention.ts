import { z } from 'zod';

/** Formula of the attention value, with its defaults. No imports of the server: pages use it, too. */

export const ATTENTION_LEVELS = ['calm', 'watch', 'high'] as const;
export type AttentionLevel = (typeof ATTENTION_LEVELS)[number];

export const Attention = z
  .object({
    value: z
      .number()
      .min(0)
      .max(100)
      .describe('0..100. Of a running session: now. Of an ended one: its highest value.'),
    level: z.enum(ATTENTION_LEVELS),
    because: z
      .array(
        z.object({
          type: z.string().describe('Event type.'),
          share: z.number().min(0).max(1).describe('Its part of the value.'),
        }),
      )
      .max(3)
      .describe('The largest parts, largest first.'),
  })
  .describe(
    'How much a session deserves to be looked at, compared with others (docs/attention.md). It decides nothing.',
  );
export type Attention = z.infer<typeof Attention>;

export const CALM: Attention = { value: 0, level: 'calm', because: [] };

/** Points of one event, and of each minute that it lasts. */
export interface AttentionWeight {
  readonly weight: number;
  readonly perMinute: number;
}

const once = (weight: number): AttentionWeight => ({ weight, perMinute: 0 });
const lasting = (weight: number, perMinute: number): AttentionWeight => ({ weight, perMinute });

/**
 * Defaults, set by simulated sittings (`bench -- cheats`): a condition that lasts five minutes is worth looking at, a
 * few short ones in an hour are not.
 */
export const DEFAULT_ATTENTION: Readonly<Record<string, AttentionWeight>> = {
  CAMERA_COVERED: lasting(15, 10),
  NO_FRAME_RECEIVED: lasting(5, 11),
  FROZEN_VIDEO: lasting(15, 10),
  INVALID_IMAGE: lasting(5, 8),
  REPEATED_PICTURE: lasting(15, 10),
  STILL_PICTURE: lasting(15, 10),
  LOOPED_VIDEO: lasting(20, 10),
  FEW_FRAMES: lasting(6, 8),
  SMALL_PICTURE: lasting(8, 8),
  TWO_SOURCES: lasting(15, 10),
  FACE_UNCLEAR: lasting(5, 8),
  CAMERA_CHANGED: once(40),
  TURNED_AT_START: once(40),
  CHALLENGE_ASKED: once(0),
  CHALLENGE_PASSED: once(0),
  // One is worth a look, two within minutes are about high.
  CHALLENGE_FAILED: once(25),
  // Nobody's fault: the cause has an event of its own.
  CHALLENGE_NOT_SEEN: once(0),
  NO_FACE: lasting(4, 11),
  MULTIPLE_FACES: lasting(8, 16),
  LOOKING_AWAY: lasting(2, 9),
  TAB_SWITCH: lasting(9, 10),
  PAGE_LEFT: lasting(6, 8),
  WINDOW_BLUR: lasting(3, 6),
  RETURNED_TO_EXAM: once(0),
  FULLSCREEN_EXIT: once(5),
  COPY: once(2),
  CUT: once(2),
  PASTE: once(4),
  CONTEXT_MENU: once(0.5),
  SECOND_SCREEN: once(12),
  CAMERA_UNAVAILABLE: once(10),
  CONNECTION_LOST: lasting(3, 13),
  CONNECTION_RESTORED: once(0),
  CONNECTION_UNSTABLE: once(8),
  SESSION_TAKEOVER: once(4),
  SEQUENCE_CONFLICT: once(8),
  FRAMES_REFUSED: lasting(15, 8),
  FRAME_LOST: once(0),
  SIGNALS_OVER_BUDGET: once(10),
  EVENTS_OVER_BUDGET: once(10),
  CLIENT_STATE_MISSING: lasting(6, 6),
  UNREPORTED_ABSENCE: lasting(12, 12),
  VIRTUAL_CAMERA_NAME: once(12),
  // Lasts through the gap before it if the network has changed, too (rule E11).
  DEVICE_CHANGED: lasting(36, 6),
  NETWORK_CHANGED: once(2),
  START_PICTURE: once(0),
  PAUSE_EXPIRED: once(0),
  SESSION_PAUSED: once(0),
  SESSION_RESUMED: once(0),
  SESSION_EXTENDED: once(0),
  SESSION_TERMINATED: once(0),
  SESSION_CONTINUED: once(0),
  PROCTOR_MESSAGE: once(0),
  STUDENT_MESSAGE: once(0),
  HAND_RAISED: once(0),
  HAND_LOWERED: once(0),
  ROOM_LOOK: once(0),
  FACE_CHECK: once(0),
  // For each point of its category: one of 4 points is about high.
  PROCTOR_FLAG: once(20),
  PROCTOR_SNAPSHOT: once(0),
};

const parts = (of: keyof AttentionWeight): Record<string, number> =>
  Object.fromEntries(
    Object.entries(DEFAULT_ATTENTION)
      .map(([type, one]) => [type, one[of]] as const)
      .filter(([, points]) => points > 0),
  );

const Points = (of: keyof AttentionWeight) =>
  z
    .record(z.string().max(64), z.number().min(0).max(100))
    .default({})
    .transform((points): Record<string, number> => ({ ...parts(of), ...points }))
    // A transform alone has no JSON Schema for its output.
    .pipe(z.record(z.string(), z.number()));

/** Settings of the attention value, a part of the policy. */
export const AttentionPolicy = z
  .object({
    watch: z.number().min(0).max(100).default(15).meta({
      title: 'Attention "watch" from',
      description: 'Attention value from which a session is marked for a look.',
    }),
    high: z.number().min(0).max(100).default(40).meta({
      title: 'Attention "high" from',
      description: 'Attention value from which a session alerts proctors.',
    }),
    halfLifeSeconds: z.number().min(10).max(86_400).default(600).meta({
      title: 'Half-life of attention, seconds',
      description: 'Time after the end of an event in which its part of the attention value falls to a half.',
    }),
    weights: Points('weight').meta({
      title: 'Attention for an event',
      description: 'Points that one event of a type adds to the attention value. Repeated ones add less and less.',
    }),
    perMinute: Points('perMinute').meta({
      title: 'Attention for each minute',
      description: 'Points that an event of a type adds for each minute that it lasts.',
    }),
  })
  .prefault({});
export type AttentionPolicy = z.infer<typeof AttentionPolicy>;

/** For sessions that started before their policy had these settings. */
export const DEFAULT_ATTENTION_POLICY: AttentionPolicy = AttentionPolicy.parse({});
