import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import type { Event } from '../../protocol/events.ts';
import type { AuditVerification } from '../../protocol/http/audit.ts';
import { Api } from '../support/api.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { waitFor } from '../support/server.ts';
import { sized } from '../support/size.ts';
import { randomChoices } from '../support/random.ts';

const { random } = randomChoices();

const KILLS = { postgres: sized(20, 3), pglite: sized(10, 2) };
const STUDENTS = 4;
const MINUTES = 60_000;

interface Acknowledged {
  readonly session: string;
  readonly id: string;
  readonly seq: number;
}

async function inDatabase<T>(
  at: TestDatabase,
  ask: (db: Awaited<ReturnType<typeof openDatabase>>['db']) => Promise<T>,
): Promise<T> {
  const opened = await openDatabase(at);
  try {
    return await ask(opened.db);
  } finally {
    await opened.close();
  }
}

const waiting = (at: TestDatabase) =>
  inDatabase(at, async (db) =>
    Number((await sql<{ n: string }>`SELECT count(*) AS n FROM audit_queue`.execute(db)).rows[0]!.n),
  );

/** Numbers of each session's events in log entries that are in the tree. */
const logged = (at: TestDatabase) =>
  inDatabase(at, async (db) => {
    const { rows } = await sql<{ entity_id: string; payload: Uint8Array }>`
      SELECT entry.entity_id, entry.payload FROM audit_entries AS entry JOIN audit_leaves AS leaf ON leaf.entry_id = entry.id
      WHERE entry.event_type = 'EVENTS_STORED'`.execute(db);
    const sessions = new Map<string, Set<number>>();
    for (const { entity_id, payload } of rows) {
      const seqs = sessions.get(entity_id) ?? new Set();
      for (const { seq } of (JSON.parse(Buffer.from(payload).toString()) as { events: { seq: number }[] }).events)
        seqs.add(seq);
      sessions.set(entity_id, seqs);
    }
    return sessions;
  });

describe.for(KINDS)('the audit log of a killed server, on $title', ({ kind, available }) => {
  const kills = KILLS[kind];

  test.runIf(available)(
    `${kills} kills between commit and tree write: each acknowledged event gets its leaf`,
    { timeout: sized(15, 5) * MINUTES },
    async () => {
      const at = await createDatabase(kind);
      const server = new ServerProcess(await freePort(), at, { LOG_LEVEL: 'warn', FACE_MODEL: 'none' });
      const acknowledged: Acknowledged[] = [];
      const load = { isOver: false };
      try {
        await server.start();
        const exam = await (await server.admin()).createExam();
        const students: { api: Api; session: string }[] = [];
        for (let i = 0; i < STUDENTS; i++) {
          const api = new Api(server.url);
          await api.register(`student-${i}@example.org`, 'long enough', 'Student');
          students.push({ api, session: (await api.startSession(exam.id)).id });
        }
        const reporting = students.map(async ({ api, session }) => {
          while (!load.isOver) {
            try {
              const { id, seq } = await api.post<Event>('/api/proctoring/event', { sessionId: session, type: 'COPY' });
              acknowledged.push({ session, id, seq });
            } catch {
              // Unacknowledged events are not guaranteed.
              await sleep(50);
            }
          }
        });
        let caught = 0;
        for (let kill = 0; kill < kills; kill++) {
          const before = acknowledged.length;
          await waitFor('events in flight', () => acknowledged.length >= before + 20, 2 * MINUTES);
          // Also while events arrive.
          expect(await (await server.admin()).get('/api/blockchain/verify')).toMatchObject({ valid: true });
          await sleep(random() * 200);
          await server.stop('SIGKILL');
          if ((await waiting(at)) > 0) caught += 1;
          await server.start();
        }
        load.isOver = true;
        await Promise.all(reporting);
        const admin = await server.admin();
        await waitFor(
          'all places',
          async () =>
            admin
              .get<{ entries: number; placed: number }>('/api/blockchain/summary')
              .then(({ entries, placed }) => placed >= entries),
          MINUTES,
        );
        const verified = await admin.get<AuditVerification>('/api/blockchain/verify');
        await server.stop('SIGTERM');
        expect(server.output).not.toContain('differs from what was signed');
        expect(verified).toMatchObject({ valid: true });
        const sessions = await logged(at);
        expect(acknowledged.filter(({ session, seq }) => !sessions.get(session)?.has(seq))).toEqual([]);
        expect(await waiting(at)).toBe(0);
        // Otherwise the test shows nothing: no kill fell between a commit and the tree write.
        expect(caught).toBeGreaterThan(0);
        console.log(
          `audit-kill ${kind}: ${kills} kills, ${caught} of them with entries that waited for the tree; ${acknowledged.length} events acknowledged, 0 missing in the log; ${verified.checked} entries, ${verified.checkpoints} checkpoints good`,
        );
      } finally {
        load.isOver = true;
        await server.stop('SIGKILL');
        await at.remove();
      }
    },
  );
});
