import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { Evidence } from '../../protocol/http/evidence.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { startAttempt } from '../support/attempt.ts';
import { KINDS } from '../support/databases.ts';
import { jpeg } from '../support/pictures.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { newPerson } from '../support/staffed-site.ts';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`flags of staff, on ${title}`, () => {
    let site: TestServer;
    let proctor: Api;
    let reviewer: Api;
    beforeAll(async () => {
      site = await startTestServer({ kind });
      proctor = await newPerson(site, 'proctor');
      reviewer = await newPerson(site, 'reviewer');
    });
    afterAll(() => site?.close());

    const flag = async (by: Api, session: string, body: object) =>
      (await by.post<{ event: Event }>(`/api/sessions/${session}/flags`, body)).event;
    const scores = async (by: Api, session: string) => {
      const { riskScore, reviewedScore, reviewedLevel } = await by.get<Session>(`/api/sessions/${session}`);
      return { riskScore, reviewedScore, reviewedLevel };
    };
    const review = (event: string, decision: string) =>
      reviewer.post(`/api/events/${event}/review`, { decision, reason: 'Looked at it' });

    test('weigh by their category in the reviewed score, and are dismissed like any event (E12)', async () => {
      const { session, student } = await startAttempt(site);
      const event = await flag(proctor, session.id, { category: 'PHONE', note: 'In the left hand' });
      expect(event).toMatchObject({
        type: 'PROCTOR_FLAG',
        source: 'proctor',
        weight: 6,
        severity: 'high',
        details: { by: proctor.userId, category: 'PHONE', label: 'Phone or other device', note: 'In the left hand' },
      });
      expect(await scores(proctor, session.id)).toEqual({ riskScore: 0, reviewedScore: 6, reviewedLevel: 'Medium' });
      await review(event.id, 'dismissed');
      expect((await scores(proctor, session.id)).reviewedScore).toBe(0);
      await review(event.id, 'confirmed');
      expect((await scores(proctor, session.id)).reviewedScore).toBe(6);
      await student.post(`/api/sessions/${session.id}/end`);
      await review(event.id, 'reopened');
      expect((await scores(proctor, session.id)).reviewedScore).toBe(6);
      // Another version of the policy changes weights of events, not what a person found.
      const rescore = await reviewer.post<object>(`/api/sessions/${session.id}/rescore`, { policyVersion: 1 });
      expect(rescore).toMatchObject({ riskScore: 0, reviewedScore: 6 });
    });

    test('name a moment or a stretch of a session that runs or has ended, and nothing outside of it', async () => {
      const { session, student, exam } = await startAttempt(site);
      const began = Date.parse(session.startedAt);
      await student.post(`/api/sessions/${session.id}/end`);
      const { endedAt } = await proctor.get<Session>(`/api/sessions/${session.id}`);
      const body = { category: 'TALKING', from: session.startedAt, to: endedAt };
      const event = await flag(reviewer, session.id, body);
      expect(event).toMatchObject({ startedAt: session.startedAt, endedAt });
      expect((await scores(proctor, session.id)).reviewedScore).toBe(3);
      for (const wrong of [
        { category: 'TALKING' },
        { category: 'TALKING', to: session.startedAt },
        { category: 'TALKING', from: new Date(began - 1).toISOString() },
        { category: 'TALKING', from: session.startedAt, to: new Date(Date.parse(endedAt!) + 1).toISOString() },
      ])
        await expect(flag(reviewer, session.id, wrong)).rejects.toMatchObject({ code: 'bad_request' });
      await expect(flag(reviewer, session.id, { ...body, category: 'NONE' })).rejects.toMatchObject({
        code: 'unknown_category',
      });
      await expect(flag(proctor, session.id, { ...body, snapshot: true })).rejects.toMatchObject({
        code: 'session_over',
      });
      // The categories of the exam are those of its managers.
      const items = [{ code: 'NOISE', label: 'Noise', weight: 0.5 }];
      await site.admin.request('PUT', `/api/exams/${exam.id}/flag-categories`, { items });
      await expect(flag(reviewer, session.id, body)).rejects.toMatchObject({ code: 'unknown_category' });
      expect(await flag(reviewer, session.id, { ...body, category: 'NOISE' })).toMatchObject({ weight: 0.5 });
      expect((await scores(proctor, session.id)).reviewedScore).toBe(3.5);
    });

    test('with a picture keep the image that arrives next, also of a paused session', async () => {
      const attempt = await startAttempt(site);
      const { session } = attempt;
      const exam = await attempt.connect();
      await proctor.post('/api/sessions/commands', { do: 'pause', sessions: [session.id] });
      const event = await flag(proctor, session.id, { category: 'PHONE', snapshot: true });
      const { event: kept } = await proctor.post<{ event: Event }>(`/api/sessions/${session.id}/snapshots`);
      expect(kept).toMatchObject({ type: 'PROCTOR_SNAPSHOT', weight: 0, details: { by: proctor.userId } });
      exam.sendFrame(1, jpeg());
      for (const { id } of [event, kept]) {
        const pictures = async () =>
          (await proctor.get<{ items: Evidence[] }>(`/api/events/${id}/evidence`)).items.map((one) => one.kind);
        await waitFor('the picture', async () => (await pictures()).length > 0);
        expect(await pictures()).toEqual(['snapshot']);
      }
      const log = await site.admin.get<{ items: { eventType: string; actor: string | null; payload: string }[] }>(
        `/api/blockchain/attempt/${session.id}`,
      );
      const acts = log.items.filter(({ payload }) =>
        [event, kept].some(({ id }) => payload.includes(`"eventId":"${id}"`)),
      );
      expect(acts.map(({ eventType, actor }) => `${eventType} ${actor}`).toSorted()).toEqual([
        'EVIDENCE_KEPT null',
        'EVIDENCE_KEPT null',
        `SESSION_FLAGGED ${proctor.userId}`,
        `SNAPSHOT_TAKEN ${proctor.userId}`,
      ]);
      exam.close();
    });

    test('are not kept where the policy keeps no pictures, and reviewers keep none', async () => {
      const { session } = await startAttempt(site, { evidence: { keep: false } });
      await expect(proctor.post(`/api/sessions/${session.id}/snapshots`)).rejects.toMatchObject({
        code: 'pictures_off',
      });
      await expect(reviewer.post(`/api/sessions/${session.id}/snapshots`)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(flag(reviewer, session.id, { category: 'PHONE', snapshot: true })).rejects.toMatchObject({
        code: 'forbidden',
      });
    });

    test('are nothing that the student is told before a verdict is released; then without the note (E12)', async () => {
      const attempt = await startAttempt(site);
      const { session, student } = attempt;
      const exam = await attempt.connect();
      const secret = 'left hand 7f3a';
      const event = await flag(proctor, session.id, { category: 'PHONE', note: secret });
      await student.post('/api/proctoring/event', { sessionId: session.id, type: 'COPY' });
      await exam.until('the next event', () => exam.of('event').length > 0);
      expect(exam.of('event')).toMatchObject([{ event: { type: 'COPY' } }]);
      expect(exam.of('risk').at(-1)).toMatchObject({ score: 1 });
      const read = async () =>
        JSON.stringify([
          await student.get(`/api/sessions/${session.id}`),
          await student.get(`/api/sessions?student=${student.userId}`),
          await student.get(`/api/proctoring/my-attempt/${session.id}`),
          await student.get(`/api/proctoring/attempt/${session.id}/events`),
        ]);
      const found = async (query: string) =>
        (await student.get<{ items: { id: string }[] }>(`/api/sessions?${query}`)).items.map(({ id }) => id);
      const isHidden = async () => {
        for (const order of ['newest', 'score'])
          expect(await found(`order=${order}&incident=PROCTOR_FLAG`)).toEqual([]);
        const text = await read();
        for (const hint of [event.id, 'PROCTOR_FLAG', 'PHONE', secret, '"reviewedScore":7'])
          expect(text).not.toContain(hint);
      };
      await isHidden();
      await student.post(`/api/sessions/${session.id}/end`);
      await isHidden();
      const given = await reviewer.post<{ id: string }>(`/api/sessions/${session.id}/verdict`, {
        verdict: 'concern',
        reason: 'A phone',
      });
      await isHidden();
      await site.admin.post(`/api/sessions/${session.id}/release`, { verdict: given.id, events: [event.id] });
      const after = await read();
      expect(after).not.toContain(secret);
      for (const part of [event.id, 'PROCTOR_FLAG', 'Phone or other device', '"reviewedScore":7'])
        expect(after).toContain(part);
    });
  });
}
