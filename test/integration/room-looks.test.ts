import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import type { Api } from '../support/api.ts';
import { type Attempt, startAttempt, watchExam } from '../support/attempt.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { coveredLens, emptyRoom, eventsOf, personPicture, SeatedClient } from '../support/drawn-person.ts';
import { ManualTime } from '../support/manual-time.ts';
import { evidenceOf, fetchPicture } from '../support/picture-site.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

const POLICY = { calibration: { seconds: 2 }, gaze: { enabled: false } } satisfies PolicyInput;

describe.each(KINDS)('on $title', ({ kind, available }) => {
  describe.runIf(available)('requests of a proctor', () => {
    let database: TestDatabase;
    let site: TestServer;
    let proctor: Api;
    const time = new ManualTime();

    beforeAll(async () => {
      database = await createDatabase(kind, 'admin');
      site = await startTestServer({ database, overrides: { clock: time.clock, timers: time.timers }, vision: true });
    });
    beforeEach(async () => {
      // The clock of the tests outlives access tokens.
      await site.admin.renew();
      proctor = await site.proctor();
    });
    afterAll(async () => {
      await site?.close();
      await database?.remove();
    });

    async function sit(policy: PolicyInput = POLICY, hello?: object): Promise<Attempt & { client: SeatedClient }> {
      const attempt = await startAttempt(site, policy);
      const client = await SeatedClient.connect(attempt.student, attempt.session.id, time, hello);
      await client.calibrate();
      return { ...attempt, client };
    }

    const ask = ({ session }: Attempt, body: object = {}) =>
      proctor.post<{ event: Event }>(`/api/sessions/${session.id}/room-looks`, body);
    const look = async ({ session }: Attempt): Promise<Event> =>
      (await eventsOf(site.admin, session.id, ['ROOM_LOOK'], 1))[0]!;
    const isOver = (at: Attempt) => async () => (await look(at)).endedAt !== null;
    const acts = async ({ session }: Attempt, type: string) =>
      (await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/attempt/${session.id}`)).items
        .filter(({ eventType }) => eventType === type)
        .map(({ actor, payload }) => ({ actor, ...(JSON.parse(payload) as Record<string, unknown>) }));

    describe('a look at the room', () => {
      test('R3: keeps a picture a second for 20 s, opens no incident meanwhile, and the rules go on after it', async () => {
        const sat = await sit();
        const { event } = await ask(sat, { reason: 'Voices are heard' });
        const request = await sat.client.request('room_look');
        expect(request).toMatchObject({ id: event.id, seconds: 20 });
        // What was asked of the student is no incident of theirs on the wall.
        const wall = await watchExam(site, sat.exam.id);
        expect(wall.of('snapshot')).toMatchObject([{ sessions: [{ id: sat.session.id, open: [] }] }]);
        wall.close();
        sat.client.answer(request.id, 'begin');
        // The camera is carried around: nobody, then a hand on the lens, somebody else's poster.
        const shown = [emptyRoom(), coveredLens(), emptyRoom()];
        for (let i = 0; i < 22; i++) await sat.client.show(i < 8 ? shown[i % 3]! : emptyRoom());
        await waitFor('the end', isOver(sat));
        expect(sat.client.socket.of('request_over')).toMatchObject([{ id: event.id, result: 'done' }]);
        expect(await look(sat)).toMatchObject({
          source: 'proctor',
          weight: 0,
          details: { by: proctor.userId, reason: 'Voices are heard', result: 'shown' },
        });
        await waitFor('the pictures', async () => (await evidenceOf(proctor, event.id)).length >= 19);
        const pictures = await evidenceOf(proctor, event.id);
        expect(new Set(pictures.map(({ kind: of }) => of))).toEqual(new Set(['room']));
        expect((await fetchPicture(proctor, pictures[3]!.id)).status).toBe(200);
        // The last picture may be stored between two questions.
        await waitFor(
          'an entry for each picture',
          async () => (await acts(sat, 'EVIDENCE_KEPT')).length === (await evidenceOf(proctor, event.id)).length,
        );
        expect(await acts(sat, 'COMMAND_GIVEN')).toMatchObject([
          { actor: proctor.userId, do: 'room_look', eventId: event.id },
        ]);
        // Bounded: 10 s to put the camera back, and an empty chair is one again.
        for (let i = 0; i < 8; i++) await sat.client.show(emptyRoom());
        expect(await sat.types()).toEqual(['ROOM_LOOK']);
        for (let i = 0; i < 8; i++) await sat.client.show(emptyRoom());
        await waitFor('NO_FACE', async () => (await sat.types()).includes('NO_FACE'));
        expect(await sat.types()).toEqual(['ROOM_LOOK', 'NO_FACE']);
        await sat.client.leave();
      });

      test('R3: can be declined with a reason: an event that says so, and nothing else', async () => {
        const sat = await sit();
        await ask(sat);
        const { id } = await sat.client.request('room_look');
        sat.client.answer(id, 'decline', 'My child is asleep in here.');
        await waitFor('the end', isOver(sat));
        expect(await look(sat)).toMatchObject({
          weight: 0,
          details: { result: 'declined', studentReason: 'My child is asleep in here.' },
        });
        expect(await evidenceOf(proctor, id)).toEqual([]);
        const { riskScore, attention } = await proctor.get<{ riskScore: number; attention: { value: number } }>(
          `/api/sessions/${sat.session.id}`,
        );
        expect([riskScore, attention.value]).toEqual([0, 0]);
        // A late answer about a request that is over changes nothing.
        sat.client.answer(id, 'begin');
        await sat.client.show(personPicture());
        expect((await look(sat)).details['result']).toBe('declined');
        await sat.client.leave();
      });

      test('R3: that nobody answers is over after five minutes, one of a client that shows none at once', async () => {
        const sat = await sit();
        await ask(sat);
        await sat.client.request('room_look');
        time.advance(301_000);
        await waitFor('the end', isOver(sat));
        expect((await look(sat)).details['result']).toBe('unanswered');
        await sat.client.leave();
        const older = await sit(POLICY, {});
        await ask(older);
        await waitFor('the end', isOver(older));
        expect((await look(older)).details['result']).toBe('client');
        expect(older.client.socket.of('room_look')).toEqual([]);
        await older.client.leave();
      });

      test('R3: a lost connection ends it; one that is not begun comes again with the next connection', async () => {
        const sat = await sit();
        await ask(sat);
        const { id } = await sat.client.request('room_look');
        await sat.client.leave();
        const again = await SeatedClient.connect(sat.student, sat.session.id, time);
        expect((await again.request('room_look')).id).toBe(id);
        again.answer(id, 'begin');
        await again.show(emptyRoom());
        await again.leave();
        await waitFor('the end', isOver(sat));
        expect((await look(sat)).details['result']).toBe('interrupted');
      });

      test('R3: keeps no picture where the policy keeps none', async () => {
        const sat = await sit({ ...POLICY, evidence: { keep: false } });
        const { event } = await ask(sat);
        sat.client.answer((await sat.client.request('room_look')).id, 'begin');
        for (let i = 0; i < 22; i++) await sat.client.show(emptyRoom());
        await waitFor('the end', isOver(sat));
        expect((await look(sat)).details).toMatchObject({ result: 'shown', pictures: 0 });
        expect(await evidenceOf(proctor, event.id)).toEqual([]);
        await sat.client.leave();
      });
    });

    describe('a face check', () => {
      const WITH_START = { ...POLICY, evidence: { startPicture: true } } satisfies PolicyInput;

      test('R4: shows a person the picture of the start and the present one, and records what they say, by name', async () => {
        const sat = await sit(WITH_START);
        const [start] = await eventsOf(site.admin, sat.session.id, ['START_PICTURE'], 1);
        const path = `/api/sessions/${sat.session.id}/face-checks`;
        const begun = await proctor.post<{ event: Event; startEvent: string }>(path);
        expect(begun.startEvent).toBe(start!.id);
        await sat.client.show(personPicture());
        await waitFor('both pictures', async () => {
          const found = [await evidenceOf(proctor, begun.startEvent), await evidenceOf(proctor, begun.event.id)];
          return found.every(({ length }) => length === 1);
        });
        expect((await evidenceOf(proctor, begun.startEvent))[0]!.kind).toBe('start');
        expect((await evidenceOf(proctor, begun.event.id))[0]!.kind).toBe('present');
        // The same person goes on with it, another one waits.
        expect((await proctor.post<{ event: Event }>(path)).event.id).toBe(begun.event.id);
        const other = await site.proctor();
        await expect(other.post(path)).rejects.toThrow('request_pending');
        const decide = (by: Api, body: object) => by.post<{ event: Event }>(`${path}/${begun.event.id}/outcome`, body);
        await expect(decide(other, { outcome: 'different' })).rejects.toThrow('request_pending');
        const { event } = await decide(proctor, { outcome: 'same', note: 'New haircut' });
        expect(event).toMatchObject({
          type: 'FACE_CHECK',
          source: 'proctor',
          weight: 0,
          details: { by: proctor.userId, outcome: 'same', note: 'New haircut' },
        });
        await expect(decide(proctor, { outcome: 'different' })).rejects.toThrow('not_found');
        expect(await acts(sat, 'FACE_CHECKED')).toEqual([
          { actor: proctor.userId, eventId: event.id, outcome: 'same' },
        ]);
        const { staff } = await proctor.get<{ staff: { id: string }[] }>(`/api/proctoring/attempt/${sat.session.id}`);
        expect(staff.map(({ id }) => id)).toEqual([proctor.userId]);
        await sat.client.leave();
      });

      test('R4: one picture of the start is kept, facing the camera, and none unless the policy says so', async () => {
        const sat = await sit(WITH_START);
        for (let i = 0; i < 3; i++) await sat.client.show(personPicture());
        expect((await sat.types()).filter((type) => type === 'START_PICTURE')).toHaveLength(1);
        await sat.client.leave();
        const plain = await sit();
        await plain.client.show(personPicture());
        expect(await plain.types()).toEqual([]);
        await expect(proctor.post(`/api/sessions/${plain.session.id}/face-checks`)).rejects.toThrow(
          'start_picture_missing',
        );
        await plain.client.leave();
      });

      test('R4: without an outcome it ends after ten minutes, and says so', async () => {
        const sat = await sit(WITH_START);
        await proctor.post(`/api/sessions/${sat.session.id}/face-checks`);
        time.advance(601_000);
        const ended = async () => {
          const [event] = await eventsOf(site.admin, sat.session.id, ['FACE_CHECK'], 1);
          return event!.endedAt === null ? undefined : event!;
        };
        await waitFor('the end', async () => (await ended()) !== undefined);
        expect((await ended())!.details['outcome']).toBeUndefined();
        await sat.client.leave();
      });
    });
  });
});
