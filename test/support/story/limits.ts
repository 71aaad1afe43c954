import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Api } from '../api.ts';
import type { Cast } from './cast.ts';
import type { StorySite } from './story-site.ts';

/** What is not for somebody is not there, by any address. */

/** Requests about a session, and whether staff alone may send them. */
const about = (session: string, to: string): readonly (readonly [method: string, path: string, body?: object])[] => [
  ['GET', `/api/sessions/${session}`],
  ['GET', `/api/proctoring/attempt/${session}`],
  ['GET', `/api/proctoring/attempt/${session}/events`],
  ['GET', `/api/sessions/${session}/conversation`],
  ['GET', `/api/sessions/${session}/notes`],
  ['GET', `/api/sessions/${session}/colleagues`],
  ['GET', `/api/sessions/${session}/verdict-steps`],
  ['POST', `/api/sessions/${session}/notes`, { text: 'A note' }],
  ['POST', `/api/sessions/${session}/seen`, { attention: 0 }],
  ['PUT', `/api/sessions/${session}/claim`, { to, holder: null }],
  ['POST', `/api/sessions/${session}/flags`, { category: 'PHONE' }],
  ['POST', `/api/sessions/${session}/snapshots`],
  ['POST', `/api/sessions/${session}/verdict`, { verdict: 'violation', reason: 'A reason' }],
];

async function answers(by: Api, session: string): Promise<number[]> {
  const statuses: number[] = [];
  for (const [method, path, body] of about(session, by.userId)) {
    const { status } = await by.send(method, path, {
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    statuses.push(status);
  }
  return statuses;
}

/** The proctor of room B, at sessions of room A. */
export async function cannotSeeOtherRoom(site: StorySite, cast: Cast, ben: Page): Promise<void> {
  const { session, name } = cast.students[0]!;
  const by = await site.as(cast.ben);
  expect([...new Set(await answers(by, session))], 'another room').toEqual([404]);
  expect(await by.post('/api/sessions/commands', { do: 'pause', sessions: [session] })).toMatchObject({
    done: [],
    failed: [{ sessionId: session, code: 'not_found' }],
  });
  for (const path of ['', '/review', '/report']) {
    await ben.goto(`${site.url}/console#/session/${session}${path}`);
    await ben
      .getByText(/not found|does not exist|cannot be found/i)
      .first()
      .waitFor();
    expect(await ben.getByText(name).count()).toBe(0);
  }
}

/** A student, at the session of another and at what staff keep about their own. */
export async function cannotSeeOthers(site: StorySite, { students }: Cast): Promise<void> {
  const [first, second] = students as [Cast['students'][number], Cast['students'][number]];
  const by = await site.as(first);
  for (const status of await answers(by, second.session)) expect([403, 404]).toContain(status);
  for (const path of ['notes', 'colleagues', 'verdict-steps'])
    expect((await by.send('GET', `/api/sessions/${first.session}/${path}`)).status, path).toBe(403);
}
