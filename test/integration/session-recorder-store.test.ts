import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAnalysisMinutes } from '../../db/analysis-minutes.ts';
import { listChain } from '../../db/audit/lists.ts';
import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import { findSession } from '../../db/sessions.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { makeMinute, makeSession } from '../support/rows.ts';
import { LocalFeed } from '../../server/feed/local.ts';
import { Metrics } from '../../server/metrics.ts';
import { SessionRecorder } from '../../server/session/record/session-recorder.ts';
import { GroupWriter } from '../../server/session/record/group-writer.ts';
import { WriteQueue } from '../../server/session/record/write-queue.ts';

let at: TestDatabase;
let opened: OpenDatabase;
beforeAll(async () => {
  at = await createDatabase('pglite');
  opened = await openDatabase(at);
  await migrate(opened.db);
});
afterAll(async () => {
  await opened.close();
  await at.remove();
});

async function startRecorder(): Promise<{ id: string; recorder: SessionRecorder }> {
  const { id } = await makeSession(opened.db);
  const writeQueue = new WriteQueue(new GroupWriter(opened.db), pino({ level: 'silent' }), new Metrics());
  const row = (await findSession(opened.db, id))!;
  const parts = { writeQueue, feed: new LocalFeed(), clock: Date.now, models: () => undefined };
  return { id, recorder: new SessionRecorder(row, [], parts, { connected: false, send: () => {}, refused: () => {} }) };
}

test('an audit act without an event is stored', async () => {
  const { id, recorder } = await startRecorder();
  await recorder.store([], {
    audit: [
      {
        id: uuidv7(),
        type: 'SESSION_STARTED',
        entityId: id,
        actor: null,
        at: new Date(),
        payload: { examId: id, policyVersion: 1 },
      },
    ],
  });
  expect(
    (await listChain(opened.db, { entityType: 'session', entityId: id }, { afterPosition: 0, limit: 10 })).map(
      (entry) => entry.event_type,
    ),
  ).toEqual(['SESSION_STARTED']);
});

test('a session state without an event is stored', async () => {
  const { id, recorder } = await startRecorder();
  recorder.state.pause(Date.now());
  await recorder.store([], { stateChanged: true });
  expect((await findSession(opened.db, id))?.status).toBe('paused');
});

test('analysis minutes without an event are stored, and an empty change writes nothing', async () => {
  const { id, recorder } = await startRecorder();
  const { owner_epoch } = (await findSession(opened.db, id))!;
  await recorder.store([], { minutes: [makeMinute(id, { owner_epoch })] });
  expect(await listAnalysisMinutes(opened.db, { session: id, limit: 10 })).toHaveLength(1);
  await recorder.store([]);
});
