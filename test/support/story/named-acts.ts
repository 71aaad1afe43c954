import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { showExport } from '../../../server/audit/export/show.ts';
import type { Cast } from './cast.ts';
import type { Account, StorySite } from './story-site.ts';

const AUDIT = fileURLToPath(new URL('../../../dist/server/audit/cli.js', import.meta.url));

interface Entry {
  readonly entityType: string;
  readonly entityId: string;
  readonly eventType: string;
  readonly actor: string | null;
  readonly payload?: string;
}

/** Entries that the server writes itself: none is an act of a person. */
const OF_THE_SERVER = ['GENESIS', 'EVENTS_STORED', 'EVIDENCE_KEPT', 'EVIDENCE_DELETED', 'SESSION_DELETED'];

/** The command of the project, in a process without server and database. */
const audit = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [AUDIT, ...args], { env }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out: out + err }),
    );
  });

/** Events of staff, as the database has them, each with its author. */
export async function readActsOfStaff(site: StorySite, cast: Cast): Promise<void> {
  const staff = [cast.manager, cast.anna, cast.ben];
  const rows = await site.db.selectFrom('events').select(['type', 'details']).where('source', '=', 'proctor').execute();
  const acts = new Map<string, number>();
  for (const { type, details } of rows) {
    const by = staff.find(({ id }) => id === details['by']);
    expect(by, `${type} by ${String(details['by'])}`).toBeDefined();
    const act = `${type} by ${by!.name}`;
    acts.set(act, (acts.get(act) ?? 0) + 1);
  }
  const [mona, anna, ben] = staff.map(({ name }) => name);
  expect(Object.fromEntries(acts)).toEqual({
    [`SESSION_PAUSED by ${mona}`]: 40,
    [`PROCTOR_MESSAGE by ${mona}`]: 40,
    [`SESSION_RESUMED by ${mona}`]: 39,
    [`SESSION_TERMINATED by ${mona}`]: 1,
    [`SESSION_EXTENDED by ${ben}`]: 19,
    [`PROCTOR_MESSAGE by ${anna}`]: 1,
    [`HAND_LOWERED by ${anna}`]: 1,
    [`PROCTOR_SNAPSHOT by ${anna}`]: 1,
    [`PROCTOR_FLAG by ${anna}`]: 1,
    [`SESSION_TERMINATED by ${anna}`]: 1,
  });
}

/** Exports the log, verifies it without the server, and finds each act of the story with its author. */
export async function readExport(site: StorySite, cast: Cast): Promise<void> {
  const { checkpoint } = await site.admin.get<{ checkpoint: { key: string } }>('/api/blockchain/summary');
  const firstAdmin = site.admin.userId;
  const known = await site.db.selectFrom('users').select(['id', 'name']).execute();
  await site.stop();
  const file = join(site.dataDir, 'log');
  expect(await audit(['export', file], { PATH: process.env['PATH'], DATA_DIR: site.dataDir })).toMatchObject({
    code: 0,
  });
  const verified = await audit(['verify', file, '--key', checkpoint.key]);
  process.stderr.write(verified.out);
  expect(verified).toMatchObject({ code: 0, out: expect.stringMatching(/^good: /) });

  const entries: Entry[] = [];
  for await (const line of showExport(file)) {
    const entry = JSON.parse(line) as Partial<Entry>;
    if (entry.eventType !== undefined) entries.push(entry as Entry);
  }
  const nameOf = new Map(known.map(({ id, name }) => [id, name]));
  for (const { eventType, entityId, actor, payload } of entries) {
    // Simulated students first try to register, as strangers.
    if (eventType === 'SECURITY' && payload?.includes('"register_refused"')) continue;
    // By the settings of the server: there was nobody yet.
    if (eventType === 'USER_CREATED' && entityId === firstAdmin) continue;
    if (actor === null)
      expect(OF_THE_SERVER, `an act without a name: ${eventType} ${payload ?? ''}`).toContain(eventType);
    else expect(nameOf.get(actor), `the person of ${eventType}`).toBeDefined();
  }
  expectActs(entries, cast);
}

function expectActs(entries: readonly Entry[], cast: Cast): void {
  const { manager, anna, ben, reviewer, officer, students } = cast;
  const of = ({ id }: Account, type: string): number =>
    entries.filter(({ eventType, actor }) => eventType === type && actor === id).length;
  const count: readonly (readonly [Account, string, number])[] = [
    [anna, 'SESSION_CLAIMED', 2],
    [anna, 'NOTE_ADDED', 1],
    [anna, 'SNAPSHOT_TAKEN', 1],
    [anna, 'SESSION_FLAGGED', 1],
    // A message, a hand lowered, an end.
    [anna, 'COMMAND_GIVEN', 3],
    // 40 pauses, 40 messages, 39 resumptions, an end.
    [manager, 'COMMAND_GIVEN', 120],
    [ben, 'COMMAND_GIVEN', 19],
    [reviewer, 'EVENT_REVIEWED', 1],
    [reviewer, 'VERDICT_GIVEN', 2],
    [manager, 'VERDICT_RELEASED', 1],
    [students[0]!, 'VERDICT_ANSWERED', 1],
    [students[0]!, 'VERDICT_APPEALED', 1],
    [manager, 'APPEAL_ASSIGNED', 1],
    [officer, 'VERDICT_GIVEN', 1],
    [officer, 'APPEAL_DECIDED', 1],
  ];
  for (const [person, type, times] of count) expect(of(person, type), `${type} by ${person.name}`).toBe(times);
  expect(of(anna, 'SESSION_SEEN')).toBeGreaterThan(0);
  for (const student of students) expect(of(student, 'SESSION_STARTED'), student.name).toBe(1);
  expect(entries.filter(({ eventType }) => eventType === 'SESSION_ENDED')).toHaveLength(students.length);
}
