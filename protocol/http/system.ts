import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { MailStatus } from './passwords.ts';

/** State of the installation, for administrators. */

/**
 * - `ok` works as configured
 * - `off` switched off by its settings
 * - `starting` not there yet
 * - `attention` works, but somebody has to look at it
 * - `failed` does not work
 */
const State = z.enum(['ok', 'off', 'starting', 'attention', 'failed']);

const SystemPart = z.object({
  name: z.enum(['database', 'inference', 'evidence', 'audit', 'logs', 'mail', 'storage']),
  state: State,
  code: z
    .enum([
      'up',
      'down',
      'vision_starting',
      'vision_off',
      'vision_failed',
      'vision_slow',
      'no_evidence_key',
      'evidence_failing',
      'audit_behind',
      'audit_changed',
      'logs_lost',
      'logs_unknown',
      'no_mail_server',
      'mail_failed',
      'storage_unknown',
      'storage_low',
      'storage_full_soon',
    ])
    .describe('What there is to say; pages have the words and what to do.'),
  /** Reason in the words of the part. */
  reason: z.string().nullable(),
});
export type SystemPart = z.infer<typeof SystemPart>;

const StoragePart = z.object({
  name: z.enum(['database', 'evidence', 'audit']).describe('`audit`: checkpoints outside of the database.'),
  bytes: z.number().nullable().describe('Null: not measured yet.'),
  growthPerDay: z.number().nullable().describe('Bytes a day over the last 7 days; null: known for less than 6 hours.'),
  measuredAt: Timestamp.nullable(),
  /** Index in `volumes`; null: on another machine. */
  volume: z.int().nullable(),
});

const Volume = z.object({
  freeBytes: z.number(),
  totalBytes: z.number(),
  lastsDays: z
    .number()
    .nullable()
    .describe('Days until it is full at the measured rate; null: unknown, or it does not grow.'),
});

const ExpectedExam = z.object({
  id: Id,
  title: z.string(),
  from: Timestamp,
  to: Timestamp,
  students: z.int().describe('Enrolled students without an ended session.'),
  openToAll: z.boolean().describe('Others can start it, too: their number is not known.'),
});

const Setting = z.object({
  name: z.string(),
  value: z.string().nullable().describe('Null: not set and without a fixed default, or a secret.'),
  source: z.enum(['set', 'default', 'generated']).describe('`generated`: a secret made by the server in DATA_DIR.'),
  isSecret: z.boolean(),
});
export type Setting = z.infer<typeof Setting>;

export const System = z
  .object({
    at: Timestamp,
    version: z.string(),
    node: z.string(),
    startedAt: Timestamp,
    parts: z.array(SystemPart),
    database: z
      .object({ engine: z.enum(['pglite', 'postgres']), durability: z.enum(['process-crash', 'power-loss']) })
      .nullable(),
    inference: z.object({
      threads: z.int(),
      /** Sessions whose frame waits for its turn. */
      waiting: z.int(),
      /** Share of the policies' frame rates that the server asks for. */
      rateScale: z.number().min(0).max(1),
      analysedPerSecond: z.number().nullable().describe('Over the last minute; null: known for less than that.'),
      models: z.array(z.object({ name: z.string(), version: z.string() })),
    }),
    mail: MailStatus,
    storage: z.object({
      parts: z.array(StoragePart),
      volumes: z.array(Volume),
      logs: z.literal('stdout').describe('Log lines go to standard output: the service manager keeps them.'),
    }),
    sessions: z.object({
      live: z.int(),
      /** Per hour, the first one begins now. */
      hours: z.array(z.object({ from: Timestamp, students: z.int() })),
      exams: z.array(ExpectedExam),
      untimed: z.int().describe('Open exams without times: their students are in no hour.'),
      /** Highest number of sessions at once at the full frame rate since the start. */
      carried: z.object({ sessions: z.int(), at: Timestamp }).nullable(),
      measured: z
        .object({
          students: z.int(),
          perCore: z.int(),
          cores: z.int(),
          plannedShare: z.number(),
          at: Timestamp,
          sameMachine: z.boolean(),
        })
        .nullable()
        .describe(
          'From DATA_DIR/capacity.json, as written by `npm run bench -- capacity --json`; null: there is none.',
        ),
    }),
    settings: z.array(Setting),
  })
  .meta({ id: 'System' });
export type System = z.infer<typeof System>;
