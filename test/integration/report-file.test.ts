import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AuditEntry, SECURITY_ID } from '../../protocol/http/audit.ts';
import { readReport } from '../../server/report/read-report.ts';
import { reportPages } from '../../server/report/report-blocks.ts';
import { openDatabase } from '../../db/open.ts';
import type { Api } from '../support/api.ts';
import type { Attempt } from '../support/attempt.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { Clockwork, evidenceOf, leaveAndReturn, startWatched } from '../support/picture-site.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { newPerson } from '../support/staffed-site.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

interface Pdf {
  readonly pages: number;
  readonly pictures: number;
}

function pdfOf(bytes: Buffer): Pdf {
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(bytes.subarray(-8).toString()).toContain('%%EOF');
  const text = bytes.toString('latin1');
  return {
    pages: text.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0,
    pictures: text.match(/\/Filter \/DCTDecode/g)?.length ?? 0,
  };
}

describe.each(KINDS.map(({ kind, available, title }) => ({ kind, available, title })))(
  'the report of a session on $title',
  ({ kind, available }) => {
    let database: TestDatabase;
    let site: TestServer;
    let attempt: Attempt;
    let proctor: Api;
    const clock = new Clockwork();
    beforeAll(async () => {
      if (!available) return;
      database = await createDatabase(kind, 'admin');
      site = await startTestServer({ database, overrides: { clock: clock.read }, vision: true });
      proctor = await site.proctor();
      attempt = await startWatched(site);
      await site.admin.request('PATCH', `/api/users/${attempt.student.userId}`, {
        name: 'Ζωή Šťastná-Иванова نور 王芳',
      });
      await leaveAndReturn(attempt, clock);
      for (let i = 0; i < 40; i++) {
        clock.now += 2000;
        await attempt.student.post('/api/proctoring/event', { sessionId: attempt.session.id, type: 'TAB_SWITCH' });
      }
      const events = await attempt.events();
      const incident = events.find(({ type }) => type === 'NO_FACE')!;
      await waitFor('pictures', async () => (await evidenceOf(site.admin, incident.id)).length === 2);
      await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
      await proctor.post(`/api/events/${incident.id}/review`, { decision: 'dismissed', reason: 'a dropped pen' });
      await proctor.post(`/api/sessions/${attempt.session.id}/verdict`, { verdict: 'concern', reason: 'left the tab' });
    }, 120_000);
    afterAll(async () => {
      await site?.close();
      await database?.remove();
    });

    const download = (by: Api, query = '') =>
      fetch(`${site.url}/api/sessions/${attempt.session.id}/report${query}`, {
        headers: { authorization: `Bearer ${by.tokens?.accessToken}` },
      });
    const entriesOf = async (type: string) =>
      (
        await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/attempt/${attempt.session.id}?limit=200`)
      ).items.filter(({ eventType }) => eventType === type);

    test.runIf(available)(
      'is a PDF of several pages with the pictures, each recorded as a view, and the export by name',
      async () => {
        const before = (await entriesOf('EVIDENCE_VIEWED')).length;
        const response = await download(proctor);
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toBe('application/pdf');
        expect(response.headers.get('cache-control')).toBe('no-store');
        const pdf = pdfOf(Buffer.from(await response.arrayBuffer()));
        expect(pdf.pages).toBeGreaterThan(2);
        expect(pdf.pictures).toBe(2);
        const views = (await entriesOf('EVIDENCE_VIEWED')).slice(before);
        expect(views.map(({ actor }) => actor)).toEqual([proctor.userId, proctor.userId]);
        const exported = async () =>
          (
            await site.admin.get<{ items: { actor: string | null; payload: string }[] }>(
              `/api/blockchain/entity/system/${SECURITY_ID}?limit=200`,
            )
          ).items.some(
            ({ actor, payload }) =>
              actor === proctor.userId && payload.includes('report_exported') && payload.includes(attempt.session.id),
          );
        await expect.poll(exported, { timeout: 30_000 }).toBe(true);
        const plain = pdfOf(Buffer.from(await (await download(proctor, '?pictures=false')).arrayBuffer()));
        expect(plain.pictures).toBe(0);
        expect((await entriesOf('EVIDENCE_VIEWED')).length).toBe(before + 2);
      },
    );

    test.runIf(available)('is for staff who see the session, and nobody else', async () => {
      expect((await download(attempt.student)).status).toBe(403);
      expect((await download(await newPerson(site, 'student'))).status).toBe(403);
      expect((await download(site.api())).status).toBe(401);
    });

    test.runIf(available)(
      'is written by npm run report beside the running server, readable by its user only',
      async () => {
        const folder = mkdtempSync(join(tmpdir(), 'invigil-report-'));
        try {
          const [file, token] = [join(folder, 'report.pdf'), join(folder, 'token')];
          writeFileSync(token, proctor.tokens!.accessToken);
          const command = (...args: string[]) =>
            run(process.execPath, ['--import', 'tsx', 'server/report/cli.ts', '--token-file', token, ...args], {
              cwd: root,
              env: { ...process.env, PUBLIC_URL: `${site.url}, https://exam.example.org` },
            });
          await command(attempt.session.id, file);
          expect(pdfOf(readFileSync(file)).pictures).toBe(2);
          expect(statSync(file).mode & 0o077).toBe(0);
          const unknown = '01a20128-b3ea-75c2-965a-5ede413d3d6b';
          await expect(command(unknown, join(folder, 'none.pdf'))).rejects.toMatchObject({
            code: 2,
            stderr: expect.stringContaining('404 not_found: session not found'),
          });
          await expect(command(unknown)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('usage:') });
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      },
    );
    test.runIf(available)(
      'has figures of one moment that add up, both scores, and times with seconds and zone',
      async () => {
        // The embedded database has one owner at a time.
        await site.close();
        const opened = await openDatabase(database);
        const { db } = opened;
        const data = await readReport({ db, verifierKey: 'key' }, attempt.session.id);
        await opened.close();
        const { blocks } = reportPages(data, new Map(), { at: new Date(clock.now), missing: undefined });
        const text = JSON.stringify(blocks);
        expect(data.audit.entries).toBeGreaterThanOrEqual(data.audit.covered);
        expect(text).toContain(
          `${data.audit.entries} entries when this report was read; ${data.audit.covered} of them are in the checkpoint below, ${data.audit.entries - data.audit.covered} follow`,
        );
        expect(text).toContain('"Risk score, all events","122 (High)"');
        expect(text).toContain('"Score after review: without dismissed, with flags","120 (High)"');
        expect(text).toMatch(/"Attention, all events","[\d.]+ \((calm|watch|high)\)"/);
        expect(text).toContain('41, of which 1 is confirmed or dismissed');
        expect(text).toMatch(/Dismissed by Proctor, \d{1,2} \w+ \d{4}, \d\d:\d\d:\d\d UTC: a dropped pen/);
        expect(text).toMatch(/Concern, by Proctor, \d{1,2} \w+ \d{4}, \d\d:\d\d:\d\d UTC: left the tab/);
        // Every time of day has its seconds and its zone.
        for (const [time] of text.matchAll(/\d{1,2}:\d\d(:\d\d)?( [A-Z+\-\d]+)?/g))
          if (/^\d\d:\d\d/.test(time)) expect(time).toMatch(/:\d\d:\d\d UTC$/);
        expect(text).not.toMatch(/\\"\w+\\":/);
      },
    );
  },
);
