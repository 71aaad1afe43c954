import { expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import {
  findSignal,
  listChanges,
  listEvents,
  listIncidents,
  listNewestReported,
  listOpen,
  readStreamTail,
  saveEvents,
} from '../../../db/events.ts';
import type { Db } from '../../../db/executor.ts';
import { makeEvent, makeSession, T0 } from '../../support/rows.ts';

export function events(database: () => Db): void {
  const newSession = async () => (await makeSession(database())).id;
  const stored = (session: string) => listEvents(database(), { session, limit: 1000 });

  test('an event reads back as it was written', async () => {
    const session = await newSession();
    const event = makeEvent(session, {
      confidence: 0.1 + 0.2,
      weight: 1.5,
      stream: uuidv7(),
      client_seq: 1,
      body_digest: 'abc',
      details: { n: 1 },
    });
    await saveEvents(database(), [event]);
    expect(await stored(session)).toEqual([{ ...event, review: null }]);
  });

  test('a newer state replaces the mutable fields only', async () => {
    const session = await newSession();
    const opened = makeEvent(session, {
      type: 'NO_FACE',
      ended_at: null,
      duration_ms: null,
      confidence: 0.5,
      details: { frames: 3 },
    });
    await saveEvents(database(), [opened]);
    const closed = {
      ...opened,
      change_offset: 2,
      ended_at: new Date(T0 + 5001),
      duration_ms: 5001,
      confidence: 0.75,
      details: { frames: 6 },
    };
    await saveEvents(database(), [{ ...closed, type: 'OTHER', weight: 50, seq: 40, started_at: new Date(0) }]);
    expect(await stored(session)).toEqual([{ ...closed, review: null }]);
  });

  test('an older or equal state changes nothing', async () => {
    const session = await newSession();
    const event = makeEvent(session, { change_offset: 3, details: { state: 3 } });
    await saveEvents(database(), [event]);
    await saveEvents(database(), [{ ...event, change_offset: 2, details: { state: 2 } }]);
    await saveEvents(database(), [{ ...event, details: { state: 'again' } }]);
    expect(await stored(session)).toEqual([{ ...event, review: null }]);
  });

  test('new and changed events of several sessions are written in one statement', async () => {
    const [a, b] = [await newSession(), await newSession()];
    const first = makeEvent(a);
    await saveEvents(database(), [first]);
    await saveEvents(database(), [
      { ...first, change_offset: 2, duration_ms: 7 },
      makeEvent(a, { seq: 2, change_offset: 3 }),
      makeEvent(b),
    ]);
    expect((await stored(a)).map((row) => [row.seq, row.change_offset, row.duration_ms])).toEqual([
      [1, 2, 7],
      [2, 3, 0],
    ]);
    expect(await stored(b)).toHaveLength(1);
  });

  test('a resent signal is stored once: a second row of its number is refused (S4)', async () => {
    const [session, stream] = [await newSession(), uuidv7()];
    await saveEvents(database(), [makeEvent(session, { stream, client_seq: 1 })]);
    const again = saveEvents(database(), [makeEvent(session, { seq: 2, change_offset: 2, stream, client_seq: 1 })]);
    await expect(again).rejects.toMatchObject({ code: '23505' });
    await saveEvents(database(), [
      makeEvent(session, { seq: 2, change_offset: 2, stream, client_seq: 2 }),
      makeEvent(session, { seq: 3, change_offset: 3, stream: uuidv7(), client_seq: 1 }),
      makeEvent(await newSession(), { stream, client_seq: 1 }),
    ]);
    expect((await stored(session)).map((row) => row.seq)).toEqual([1, 2, 3]);
  });

  test('a sequence number is unique in its session', async () => {
    const session = await newSession();
    await saveEvents(database(), [makeEvent(session)]);
    await expect(saveEvents(database(), [makeEvent(session)])).rejects.toMatchObject({ code: '23505' });
  });

  test('events are listed by their number, after one and up to a limit', async () => {
    const session = await newSession();
    await saveEvents(
      database(),
      [3, 1, 5, 2, 4].map((seq) => makeEvent(session, { seq, change_offset: 10 - seq })),
    );
    expect((await stored(session)).map((row) => row.seq)).toEqual([1, 2, 3, 4, 5]);
    expect((await listEvents(database(), { session, afterSeq: 2, limit: 2 })).map((row) => row.seq)).toEqual([3, 4]);
  });

  test('changes are listed by offset, each event once in its latest state (P2)', async () => {
    const session = await newSession();
    const rows = [1, 2, 3].map((seq) => makeEvent(session, { seq, change_offset: seq }));
    await saveEvents(database(), rows);
    await saveEvents(database(), [{ ...rows[0]!, change_offset: 4, duration_ms: 9 }]);
    const after = async (offset: number, limit = 100) =>
      (await listChanges(database(), session, offset, limit)).map((row) => [row.seq, row.change_offset]);
    expect(await after(0)).toEqual([
      [2, 2],
      [3, 3],
      [1, 4],
    ]);
    expect(await after(2)).toEqual([
      [3, 3],
      [1, 4],
    ]);
    expect(await after(0, 1)).toEqual([[2, 2]]);
    expect(await after(4)).toEqual([]);
  });

  test('the newest event of each type that the client has reported', async () => {
    const [a, b] = [await newSession(), await newSession()];
    const blur = { type: 'WINDOW_BLUR', source: 'client' } as const;
    await saveEvents(database(), [
      makeEvent(a, { seq: 1, ...blur }),
      makeEvent(a, { seq: 2, change_offset: 2, ...blur }),
      makeEvent(a, { seq: 3, change_offset: 3, type: 'TAB_SWITCH', source: 'client' }),
      makeEvent(a, { seq: 4, change_offset: 4, type: 'TAB_SWITCH', source: 'connection' }),
      makeEvent(a, { seq: 5, change_offset: 5, type: 'COPY', source: 'client' }),
      makeEvent(b, { seq: 9, ...blur }),
    ]);
    const found = await listNewestReported(database(), a, ['TAB_SWITCH', 'WINDOW_BLUR']);
    expect(found.map(({ type, seq }) => [type, seq])).toEqual([
      ['TAB_SWITCH', 3],
      ['WINDOW_BLUR', 2],
    ]);
  });

  test('open incidents are those without an end, of the given sessions', async () => {
    const [a, b, c] = [await newSession(), await newSession(), await newSession()];
    const open = { ended_at: null, duration_ms: null };
    await saveEvents(database(), [
      makeEvent(a, { seq: 2, change_offset: 2, type: 'NO_FACE', ...open }),
      makeEvent(a, { seq: 1, type: 'CONNECTION_LOST', ...open }),
      makeEvent(a, { seq: 3, change_offset: 3 }),
      makeEvent(b, { type: 'LOOKING_AWAY', ...open }),
      makeEvent(c, { type: 'FROZEN_VIDEO', ...open }),
    ]);
    expect((await listOpen(database(), [a])).map((row) => row.type)).toEqual(['CONNECTION_LOST', 'NO_FACE']);
    expect((await listOpen(database(), [a, b])).map((row) => row.type).sort()).toEqual([
      'CONNECTION_LOST',
      'LOOKING_AWAY',
      'NO_FACE',
    ]);
    expect(await listOpen(database(), [])).toEqual([]);
  });

  test('the tail of a stream is its highest number and the digests of its newest signals (S1)', async () => {
    const [session, stream] = [await newSession(), uuidv7()];
    await saveEvents(
      database(),
      [1, 2, 3, 4].map((n) =>
        makeEvent(session, { seq: n, change_offset: n, stream, client_seq: n, body_digest: `d${n}` }),
      ),
    );
    expect(await readStreamTail(database(), session, stream, 2)).toEqual({
      lastSeq: 4,
      digests: new Map([
        [4, 'd4'],
        [3, 'd3'],
      ]),
    });
    expect((await readStreamTail(database(), session, stream, 64))?.digests.size).toBe(4);
    expect(await readStreamTail(database(), session, uuidv7(), 64)).toBeUndefined();
    expect(await readStreamTail(database(), await newSession(), stream, 64)).toBeUndefined();
  });

  test('the event of a signal is found by its stream and number', async () => {
    const [session, stream] = [await newSession(), uuidv7()];
    const event = makeEvent(session, { stream, client_seq: 1, body_digest: 'abc' });
    await saveEvents(database(), [event, makeEvent(session, { seq: 2, change_offset: 2, stream, client_seq: 2 })]);
    expect(await findSignal(database(), session, stream, 1)).toMatchObject({ id: event.id, body_digest: 'abc' });
    expect(await findSignal(database(), session, stream, 3)).toBeUndefined();
    expect(await findSignal(database(), await newSession(), stream, 1)).toBeUndefined();
  });

  test('incidents between two times are those that overlap the range', async () => {
    const session = await newSession();
    const spans: [from: number, to: number | null, source?: 'client'][] = [
      [0, 9],
      [0, 10],
      [5, null],
      [15, 15],
      [19, 30],
      [20, 30],
      [12, 13, 'client'],
    ];
    await saveEvents(
      database(),
      spans.map(([from, to, source], i) =>
        makeEvent(session, {
          seq: i + 1,
          change_offset: i + 1,
          source: source ?? 'vision',
          started_at: new Date(T0 + from),
          ended_at: to === null ? null : new Date(T0 + to),
        }),
      ),
    );
    const found = await listIncidents(database(), { session, from: new Date(T0 + 10), until: new Date(T0 + 20) });
    expect(found.map((event) => event.seq)).toEqual([2, 3, 4, 5]);
  });
}
