import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import type { Api } from '../support/api.ts';
import { type Attempt, startAttempt, watchExam } from '../support/attempt.ts';
import { createDatabase, KINDS } from '../support/databases.ts';
import { coveredLens, emptyRoom, eventsOf, personPicture, SeatedClient, turnedTo } from '../support/drawn-person.ts';
import { ManualTime } from '../support/manual-time.ts';
import { evidenceOf } from '../support/picture-site.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

const OUTCOMES = ['CHALLENGE_PASSED', 'CHALLENGE_FAILED', 'CHALLENGE_NOT_SEEN'];
const POLICY = {
  challenges: { enabled: true, perHour: 0 },
  calibration: { seconds: 2 },
  gaze: { enabled: false },
} satisfies PolicyInput;

let site: TestServer;
let proctor: Api;
const time = new ManualTime();
/** Draws of the shared server. */
let draw = (): number => Math.random();
const overrides = { clock: time.clock, timers: time.timers, random: () => draw() };

beforeAll(async () => {
  site = await startTestServer({ overrides, vision: true });
});
beforeEach(async () => {
  // The clock of the tests outlives access tokens.
  await site.admin.renew();
  proctor = await site.proctor();
});
afterAll(() => site?.close());

const refusal = async (path: string, session: string) =>
  (
    await proctor.send('POST', `/api/sessions/${session}/${path}`, {
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
  ).body;

interface Sat extends Attempt {
  readonly client: SeatedClient;
}

async function sit(policy: PolicyInput = POLICY, hello?: object, more: Record<string, unknown> = {}): Promise<Sat> {
  const attempt = await startAttempt(site, policy, { staffAccess: 'all', ...more });
  const client = await SeatedClient.connect(attempt.student, attempt.session.id, time, hello);
  await client.calibrate();
  return { ...attempt, client };
}

const ask = async ({ session }: Sat, body: object = {}, by = proctor): Promise<Event> =>
  (await by.post<{ event: Event }>(`/api/sessions/${session.id}/challenges`, body)).event;

const outcome = async ({ session }: Sat, count = 1): Promise<Event> =>
  (await eventsOf(site.admin, session.id, OUTCOMES, count)).at(-1)!;

/** Shows frames until the request is over. */
async function until(client: SeatedClient, picture: (frame: number) => Uint8Array): Promise<void> {
  for (let i = 0; i < 80 && client.socket.of('request_over').length === 0; i++) await client.show(picture(i), 250);
}

describe('R2: a head turn that a proctor asks for', () => {
  test.each(['left', 'right', 'up'])(
    'to the %s is passed by a person who turns, and opens no incident',
    async (direction) => {
      const sat = await sit();
      const asked = await ask(sat, { direction });
      expect(asked).toMatchObject({
        type: 'CHALLENGE_ASKED',
        source: 'proctor',
        weight: 0,
        endedAt: null,
        details: { direction, by: proctor.userId },
      });
      const request = await sat.client.request('challenge');
      expect(request).toMatchObject({ id: asked.id, direction, seconds: 15 });
      await sat.client.sees(request.id);
      for (let i = 0; i < 4; i++) await sat.client.show(personPicture(), 250);
      await until(sat.client, () => personPicture(turnedTo(direction)));
      expect(sat.client.socket.of('request_over')).toMatchObject([{ id: asked.id, result: 'passed' }]);
      // The head stays turned until the thanks are read.
      for (let i = 0; i < 2; i++) await sat.client.show(personPicture(turnedTo(direction)), 1000);
      for (let i = 0; i < 3; i++) await sat.client.show(personPicture(), 1000);
      expect(await outcome(sat)).toMatchObject({
        type: 'CHALLENGE_PASSED',
        weight: 0,
        source: 'connection',
        details: { direction },
      });
      expect((await sat.types()).filter((type) => !type.startsWith('CHALLENGE_'))).toEqual([]);
      await waitFor('the usual rate', async () => sat.client.socket.of('throttle').at(-1)?.['fps'] === 2);
      const acts = (
        await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/attempt/${sat.session.id}`)
      ).items.filter(({ eventType }) => eventType === 'COMMAND_GIVEN');
      expect(acts).toMatchObject([{ actor: proctor.userId }]);
      expect(JSON.parse(acts[0]!.payload)).toEqual({ do: 'challenge', eventId: asked.id });
      await sat.client.leave();
    },
  );

  const STILL = personPicture();
  const LOOP = clips(createScene(3)).attentive;
  test.each([
    ['a still picture', () => STILL],
    ['a loop of a person at work', (frame: number) => LOOP[frame % LOOP.length]!],
    ['a person who does not turn', () => personPicture()],
  ] as const)('is failed by %s: an event with its pictures, for a person to look at', async (_what, picture) => {
    const sat = await sit();
    await ask(sat);
    const request = await sat.client.request('challenge');
    await sat.client.sees(request.id);
    await until(sat.client, picture);
    const failed = await outcome(sat);
    expect(failed).toMatchObject({
      type: 'CHALLENGE_FAILED',
      source: 'vision',
      weight: 0,
      details: { seen: 'no_turn' },
    });
    await waitFor('the pictures', async () => (await evidenceOf(proctor, failed.id)).length >= 2);
    const read = await proctor.get<{ riskScore: number; attention: { level: string } }>(
      `/api/sessions/${sat.session.id}`,
    );
    expect(read).toMatchObject({ riskScore: 0, attention: { level: 'watch' } });
    await sat.client.leave();
  });

  test.each([
    ['no_face', emptyRoom],
    ['covered', coveredLens],
  ] as const)('is not seen, and not failed, if the camera shows: %s', async (why, picture) => {
    const sat = await sit();
    await ask(sat);
    const request = await sat.client.request('challenge');
    await sat.client.sees(request.id);
    await until(sat.client, picture);
    expect(await outcome(sat)).toMatchObject({ type: 'CHALLENGE_NOT_SEEN', weight: 0, details: { why } });
    expect((await sat.types()).includes('NO_FACE')).toBe(false);
    await sat.client.leave();
  });

  test('counts by its weight in the policy', async () => {
    const sat = await sit({ ...POLICY, weights: { CHALLENGE_FAILED: 4 } });
    await ask(sat);
    await sat.client.sees((await sat.client.request('challenge')).id);
    await until(sat.client, () => personPicture());
    expect(await outcome(sat)).toMatchObject({ type: 'CHALLENGE_FAILED', weight: 4 });
    await sat.client.leave();
  });

  test('is not sent to a client that does not show it, such as one of an older version', async () => {
    const sat = await sit(POLICY, {});
    await ask(sat);
    expect(await outcome(sat)).toMatchObject({ type: 'CHALLENGE_NOT_SEEN', details: { why: 'client' } });
    expect(sat.client.socket.of('challenge')).toEqual([]);
    await sat.client.leave();
  });

  test('waits for a page that is not in front or not connected, and is then not seen', async () => {
    const sat = await sit();
    await ask(sat);
    await sat.client.request('challenge');
    time.advance(50_000);
    expect(await outcome(sat)).toMatchObject({ type: 'CHALLENGE_NOT_SEEN', details: { why: 'not_shown' } });
    await sat.client.leave();
    await ask(sat);
    time.advance(50_000);
    expect(await outcome(sat, 2)).toMatchObject({ type: 'CHALLENGE_NOT_SEEN', details: { why: 'offline' } });
  });

  test('that is interrupted by the connection is asked once more, to another side, and then not seen', async () => {
    const sat = await sit();
    await ask(sat, { direction: 'left' });
    await sat.client.sees((await sat.client.request('challenge')).id);
    await sat.client.show(personPicture(), 250);
    await sat.client.leave();
    const again = await SeatedClient.connect(sat.student, sat.session.id, time);
    const second = await again.request('challenge');
    expect(second.direction).not.toBe('left');
    await again.sees(second.id);
    await again.leave();
    expect(await outcome(sat)).toMatchObject({ type: 'CHALLENGE_NOT_SEEN', details: { why: 'offline' } });
    const third = await SeatedClient.connect(sat.student, sat.session.id, time);
    await third.show(personPicture());
    expect(third.socket.of('challenge')).toEqual([]);
    await third.leave();
  });

  test('that the student no longer sees, in a hidden page, comes again as well', async () => {
    const sat = await sit();
    await ask(sat);
    const first = await sat.client.request('challenge');
    await sat.client.sees(first.id);
    sat.client.answer(first.id, 'hidden');
    await waitFor('the second', async () => {
      time.advance(1000);
      return sat.client.socket.of('challenge').length === 2;
    });
    const second = sat.client.socket.of('challenge')[1]!;
    expect(second).toMatchObject({ id: first.id });
    expect(second['direction']).not.toBe(first.direction);
    await sat.client.sees(first.id);
    await until(sat.client, () => personPicture(turnedTo(String(second['direction']))));
    await sat.client.leave();
  });

  test('that the page hides again and again before the student has seen it, is over as well', async () => {
    const sat = await sit();
    const { id } = await ask(sat);
    let hidden = 0;
    await waitFor('its end', async () => {
      const sent = sat.client.socket.of('challenge').length;
      if (sent > hidden) sat.client.answer(id, 'hidden');
      hidden = sent;
      time.advance(5000);
      return (await sat.types()).includes('CHALLENGE_NOT_SEEN');
    });
    expect(hidden).toBeGreaterThan(3);
    expect(await outcome(sat)).toMatchObject({ details: { why: 'hidden' } });
    await sat.client.leave();
  });

  test('is refused while another is pending, while the session is paused, and where policy or accommodation switch it off', async () => {
    const sat = await sit();
    await ask(sat);
    expect(await refusal('challenges', sat.session.id)).toMatchObject({ status: 409, code: 'request_pending' });
    expect(await refusal('room-looks', sat.session.id)).toMatchObject({ status: 409, code: 'request_pending' });
    await sat.client.leave();
    const off = await sit({ ...POLICY, challenges: {} });
    expect(await refusal('challenges', off.session.id)).toMatchObject({ status: 409, code: 'challenges_off' });
    const console = await watchExam(site, off.exam.id);
    console.send({ type: 'command', session: off.session.id, do: 'pause' });
    await off.client.socket.until('the pause', () => off.client.socket.of('paused').length > 0);
    expect(await refusal('room-looks', off.session.id)).toMatchObject({ status: 409, code: 'session_paused' });
    console.close();
    await off.client.leave();
  });
});

describe('accommodations', () => {
  async function accommodated(detection: object): Promise<{ session: string; student: Api }> {
    const exam = await site.admin.createExam(
      { ...POLICY, challenges: { enabled: true, perHour: 12 } },
      { staffAccess: 'all' },
    );
    const student = await site.student();
    await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, { detection });
    return { session: (await student.startSession(exam.id)).id, student };
  }

  test('R2: switch head turns off for a student', async () => {
    const { session } = await accommodated({ challenges: false });
    expect(await refusal('challenges', session)).toMatchObject({ code: 'challenges_off' });
  });

  test.each([
    ['nobody but a proctor asks without gaze', { gaze: false }, 0],
    [
      'head turns at random times go on without gaze if the accommodations say so',
      { gaze: false, challenges: true },
      1,
    ],
    ['head turns at random times do not depend on longer holds', { holds: { noFace: 6 } }, 1],
  ] as const)('R2: %s', async (_title, detection, count) => {
    // The next one after the least time.
    draw = () => 0.01;
    const { session, student } = await accommodated(detection);
    const client = await SeatedClient.connect(student, session, time);
    await client.calibrate();
    for (let i = 0; i < 12; i++) await client.show(personPicture(), 20_000);
    draw = Math.random;
    expect(client.socket.of('challenge').length).toBe(count);
    if (count === 0) {
      await proctor.post(`/api/sessions/${session}/challenges`, {});
      await client.request('challenge');
    }
    await client.leave();
  });
});

describe.each(KINDS)('on $title', ({ kind, available }) => {
  test.runIf(available)(
    'R2: head turns at random times go on after a restart of the server, none lost and none twice',
    async () => {
      const database = await createDatabase(kind, 'admin');
      let draws = 0;
      // Least time of 90 s, then the mean for each request; always the first direction that is left.
      const random = () => (++draws % 2 === 0 ? 0 : 0.5);
      const start = () => startTestServer({ database, vision: true, overrides: { ...overrides, random } });
      let own = await start();
      try {
        const attempt = await startAttempt(own, { ...POLICY, challenges: { enabled: true, perHour: 12 } });
        let client = await SeatedClient.connect(attempt.student, attempt.session.id, time);
        await client.calibrate();
        const asked = async () =>
          (await own.admin.events(attempt.session.id)).filter(({ type }) => type === 'CHALLENGE_ASKED');
        for (let i = 0; i < 60 && client.socket.of('challenge').length === 0; i++)
          await client.show(personPicture(), 10_000);
        const first = await client.request('challenge');
        expect(await asked()).toMatchObject([{ source: 'connection', details: { atRandom: true } }]);
        await client.sees(first.id);
        await own.close();
        own = await start();
        const student = own.api();
        student.tokens = attempt.student.tokens;
        client = await SeatedClient.connect(student, attempt.session.id, time);
        const second = await client.request('challenge');
        expect(second.id).toBe(first.id);
        expect(second.direction).not.toBe(first.direction);
        await client.sees(second.id);
        for (let i = 0; i < 3; i++) await client.show(personPicture(), 250);
        await until(client, () => personPicture(turnedTo(second.direction)));
        const [passed] = await eventsOf(own.admin, attempt.session.id, OUTCOMES, 1);
        expect(passed).toMatchObject({
          type: 'CHALLENGE_PASSED',
          details: { direction: second.direction, atRandom: true },
        });
        // The next one is due minutes later, not at once.
        for (let i = 0; i < 5; i++) await client.show(personPicture(), 10_000);
        expect(await asked()).toHaveLength(1);
        await client.leave();
      } finally {
        await own.close();
        await database.remove();
      }
    },
  );
});
