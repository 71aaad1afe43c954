import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { Role } from '../../protocol/http/accounts.ts';
import { type AuditEntry, SECURITY_ID } from '../../protocol/http/audit.ts';
import type { AuditSearchPage } from '../../protocol/http/audit-search.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { ApiContract, type Operation } from '../support/openapi.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import { comeIn, decide } from '../support/check-in-site.ts';
import { assign, newOrganisation, newPerson, sit, type Sitting } from '../support/staffed-site.ts';

/**
 * Every route about a session, event, exam, account or profile, from the route table, for each staff role in each place. Requests
 * that have to be refused are sent with every method; those that are right only where they change nothing: the
 * conformance cases show the effects.
 */

const PLACES = [
  'own',
  'assigned exam',
  'assigned room',
  'other room',
  'other exam',
  'open exam',
  'other organisation',
] as const;
type Place = (typeof PLACES)[number];
const STAFF = ['proctor', 'reviewer', 'manager', 'admin'] as const;
type Staff = (typeof STAFF)[number];

const SEEN: Readonly<Record<Staff, readonly Place[]>> = {
  proctor: ['assigned exam', 'assigned room', 'open exam'],
  reviewer: ['assigned exam', 'assigned room', 'open exam'],
  manager: ['assigned exam', 'assigned room', 'other room', 'other exam', 'open exam'],
  admin: ['assigned exam', 'assigned room', 'other room', 'other exam', 'open exam', 'other organisation'],
};

let site: TestServer;
let contract: ApiContract;
let people: Readonly<Record<Staff, Api>>;
const sittings = new Map<string, Sitting>();
/** Check-ins of others who wait, by place; of people who became staff, the one that their session used up. */
const checkIns = new Map<string, string>();
const assignments = new Map<string, string>();
/** Profiles of each organisation, by its id. */
const profiles = new Map<string, { readonly policy: string; readonly accommodation: string }>();

const keyOf = (role: Staff, place: Place): string => (place === 'own' ? `own ${role}` : place);
const sittingOf = (role: Staff, place: Place): Sitting => sittings.get(keyOf(role, place))!;

/** A person of the role with a session from their time as a student. */
async function promoted(role: Staff, exam: Exam): Promise<Api> {
  const person = await newPerson(site, 'student');
  const { id } = await comeIn(person, exam);
  await decide(site.admin, id, 'admit');
  checkIns.set(`own ${role}`, id);
  sittings.set(`own ${role}`, await sit(site, exam, person));
  await site.admin.request('PATCH', `/api/users/${person.userId}`, { role });
  return person;
}

async function newProfile(kind: string, content: object, organisationId: string): Promise<string> {
  const body = { name: 'Standard', organisationId, ...content };
  return (await site.admin.post<{ id: string }>(`/api/${kind}-profiles`, body)).id;
}

async function begin(): Promise<void> {
  const exam = (more: Record<string, unknown> = {}, policy: PolicyInput = {}) =>
    site.admin.createExam(policy, { staffAccess: 'assigned', ...more });
  const elsewhere = await newOrganisation(site);
  const [whole, rooms, other, open, foreign, past] = [
    await exam(),
    await exam(),
    await exam(),
    await exam({ staffAccess: 'all' }),
    await exam({ staffAccess: 'all', organisationId: elsewhere.id }),
    await exam({ staffAccess: 'all' }, { checkIn: { photo: true } }),
  ];
  sittings.set('assigned exam', await sit(site, whole, await newPerson(site, 'student'), 'A'));
  sittings.set('assigned room', await sit(site, rooms, await newPerson(site, 'student'), 'A'));
  sittings.set('other room', await sit(site, rooms, await newPerson(site, 'student'), 'B'));
  sittings.set('other exam', await sit(site, other, await newPerson(site, 'student')));
  sittings.set('open exam', await sit(site, open, await newPerson(site, 'student')));
  sittings.set('other organisation', await sit(site, foreign, await newPerson(site, 'student', elsewhere.id)));
  for (const organisationId of [whole.organisationId, elsewhere.id])
    profiles.set(organisationId, {
      policy: await newProfile('policy', { policy: {} }, organisationId),
      accommodation: await newProfile('accommodation', { terms: {} }, organisationId),
    });
  // Asked for once they sit: others who come wait for staff.
  for (const place of PLACES.filter((each) => each !== 'own')) {
    const { exam: of, session } = sittings.get(place)!;
    const body = { title: of.title, policy: { checkIn: { photo: true } } };
    await site.admin.request('PUT', `/api/exams/${of.id}`, body);
    const waits = await newPerson(site, 'student', of.organisationId);
    await site.admin.request('PUT', `/api/exams/${of.id}/students/${waits.userId}`, { room: session.room });
    checkIns.set(place, (await comeIn(waits, of)).id);
    await site.admin.request('PUT', `/api/exams/${of.id}`, { title: of.title, policy: {} });
  }
  people = {
    proctor: await promoted('proctor', past),
    reviewer: await promoted('reviewer', past),
    manager: await promoted('manager', past),
    admin: await promoted('admin', past),
  };
  for (const person of [people.proctor, people.reviewer]) {
    assignments.set(whole.id, (await assign(site, whole.id, person)).id);
    assignments.set(rooms.id, (await assign(site, rooms.id, person, 'A')).id);
  }
}

beforeAll(async () => {
  site = await startTestServer();
  contract = await ApiContract.of(site.url);
  await begin();
}, 120_000);
afterAll(() => site?.close());

const NO_ID = '00000000-0000-7000-8000-00000000ffff';

/** Subject of a route by its path; routes about other objects have none. */
const SUBJECTS: readonly (readonly [
  RegExp,
  'session' | 'event' | 'exam' | 'student' | 'user' | 'policy' | 'accommodation' | 'checkIn',
])[] = [
  [/^\/api\/check-ins\/\{id\}/, 'checkIn'],
  [/^\/api\/sessions\/\{id\}|\/(my-)?attempt\/\{id\}|^\/admin\/sessions\/\{id\}/, 'session'],
  [/^\/api\/blockchain\/entity\//, 'session'],
  [/^\/api\/events\/\{id\}/, 'event'],
  [/^\/api\/exams\/\{id\}\/students\/\{userId\}/, 'student'],
  [/^\/api\/exams\/\{id\}/, 'exam'],
  [/^\/api\/users\/\{id\}/, 'user'],
  [/^\/api\/policy-profiles\/\{id\}/, 'policy'],
  [/^\/api\/accommodation-profiles\/\{id\}/, 'accommodation'],
];
const subjectOf = ({ path }: Operation) => SUBJECTS.find(([pattern]) => pattern.test(path))?.[1];

const pathOf = ({ path }: Operation, { session, event, exam, student }: Sitting, checkIn: string): string => {
  const subject = subjectOf({ path } as Operation);
  const id = {
    session: session.id,
    event: event.id,
    exam: exam.id,
    student: exam.id,
    user: student.userId,
    checkIn,
    ...profiles.get(exam.organisationId)!,
  }[subject!];
  return path
    .replace('{id}', id)
    .replace('{userId}', student.userId)
    .replace('{assignmentId}', assignments.get(exam.id) ?? NO_ID)
    .replace('{readmissionId}', NO_ID)
    .replace('{eventId}', NO_ID)
    .replace('{act}', NO_ID)
    .replace('{picture}', NO_ID)
    .replace('{type}', 'session')
    .replace(/differences$/, 'differences?from=1');
};

/** Bodies with which the requests would be valid. */
const BODIES: Readonly<Record<string, unknown>> = {
  'POST /api/events/{id}/review': { decision: 'dismissed', reason: 'No' },
  'POST /api/sessions/{id}/reviews': { decision: 'dismissed', reason: 'No', events: { undecided: [NO_ID] } },
  'POST /api/sessions/{id}/readmissions': { kind: 'new', reason: 'No' },
  'POST /api/sessions/{id}/challenges': {},
  'POST /api/sessions/{id}/room-looks': {},
  'PUT /api/sessions/{id}/conversation/read': { upTo: 1 },
  'PUT /api/exams/{id}/message-templates': { items: ['No'] },
  'POST /api/sessions/{id}/face-checks/{eventId}/outcome': { outcome: 'same' },
  'POST /api/sessions/{id}/seen': { attention: 0 },
  'PUT /api/sessions/{id}/claim': { to: null, holder: null },
  'POST /api/sessions/{id}/notes': { text: 'No' },
  'POST /api/sessions/{id}/flags': { category: 'OTHER' },
  'PUT /api/exams/{id}/flag-categories': { items: null },
  'POST /api/sessions/{id}/verdict': { verdict: 'no_concern', reason: 'No' },
  'POST /api/sessions/{id}/rescore': { policyVersion: 1 },
  'POST /api/sessions/{id}/release': { verdict: NO_ID, events: [] },
  'PUT /api/sessions/{id}/appeal/officer': { officer: null },
  'POST /api/sessions/{id}/appeal/outcome': { outcome: 'upheld', reason: 'No' },
  'POST /api/proctoring/my-attempt/{id}/answer': { text: 'No' },
  'POST /api/proctoring/my-attempt/{id}/appeal': { text: 'No' },
  'PUT /api/exams/{id}': { title: 'Taken over' },
  'PATCH /api/exams/{id}/status': { status: 'completed', endSessions: true },
  'PUT /api/exams/{id}/students/{userId}': { extraMinutes: 60 },
  'POST /api/check-ins/{id}/decision': { decision: 'admit', revision: 1 },
  'POST /api/exams/{id}/staff': { userId: NO_ID },
  'PATCH /api/users/{id}': { name: 'Taken over' },
  'POST /api/users/{id}/reset': {},
  'PATCH /api/policy-profiles/{id}': { archived: true },
  'PATCH /api/accommodation-profiles/{id}': { archived: true },
};

const bodyOf = ({ method, path }: Operation, { exam }: Sitting): unknown =>
  path.endsWith('/policy-profile')
    ? { policyProfileId: profiles.get(exam.organisationId)!.policy }
    : BODIES[`${method} ${path}`];

const rolesOf = ({ description }: Operation): string[] | undefined =>
  /Roles: (.*)\.$/.exec(description)?.[1]?.split(', ');

/** Routes on which people are the students of their own sessions, whatever their role became. */
const AS_STUDENT = [
  'GET /api/sessions/{id}',
  'POST /api/sessions/{id}/end',
  'POST /api/sessions/{id}/ticket',
  'GET /api/proctoring/attempt/{id}/events',
  'GET /api/proctoring/my-attempt/{id}',
  'GET /api/proctoring/my-attempt/{id}/verdicts',
  'POST /api/proctoring/my-attempt/{id}/answer',
  'POST /api/proctoring/my-attempt/{id}/appeal',
  'POST /api/proctoring/my-attempt/{id}/appeal/withdraw',
  'GET /api/sessions/{id}/conversation',
];
/** For the student alone. */
const STUDENT_ONLY = [
  'POST /api/sessions/{id}/ticket',
  'GET /api/proctoring/my-attempt/{id}',
  'GET /api/proctoring/my-attempt/{id}/verdicts',
  'GET /api/proctoring/my-attempt/{id}/pictures/{picture}',
  'POST /api/proctoring/my-attempt/{id}/answer',
  'POST /api/proctoring/my-attempt/{id}/appeal',
  'POST /api/proctoring/my-attempt/{id}/appeal/withdraw',
];
/** What is offered to students of the organisation follows other rules. */
const OFFERED = ['GET /api/exams/{id}/details'];
const COMMANDS = [
  'POST /api/sessions/{id}/end',
  'POST /api/sessions/{id}/readmissions',
  'DELETE /api/sessions/{id}/readmissions/{readmissionId}',
  'POST /api/sessions/{id}/challenges',
  'POST /api/sessions/{id}/room-looks',
  'PUT /api/sessions/{id}/conversation/read',
  'POST /api/sessions/{id}/hand/lower',
  'POST /api/sessions/{id}/face-checks',
  'POST /api/sessions/{id}/face-checks/{eventId}/outcome',
  'POST /api/sessions/{id}/seen',
  'PUT /api/sessions/{id}/claim',
  'GET /api/sessions/{id}/colleagues',
  'POST /api/sessions/{id}/snapshots',
  'POST /api/check-ins/{id}/decision',
];

/** Statuses of a refusal; undefined: the request has to be let through. */
function refusals(operation: Operation, role: Staff, place: Place): number[] | undefined {
  const name = `${operation.method} ${operation.path}`;
  const roles = rolesOf(operation);
  if (roles && !roles.includes(role)) return [403, 404];
  const subject = subjectOf(operation);
  const isSeen = SEEN[role].includes(place);
  if (subject === 'session' || subject === 'event' || subject === 'checkIn') {
    if (place === 'own') return AS_STUDENT.includes(name) ? undefined : [403, 404];
    if (!isSeen || STUDENT_ONLY.includes(name)) return [404];
    return role === 'reviewer' && COMMANDS.includes(name) ? [403] : undefined;
  }
  // Managers change neither managers nor admins, nor themselves.
  if (subject === 'user' && place === 'own' && role === 'manager') return [403];
  if (place === 'own') return undefined;
  if (subject === 'exam' && place === 'other room') return undefined;
  return isSeen ? undefined : [404];
}

const isOffered = ({ method, path }: Operation) =>
  OFFERED.includes(`${method} ${path}`) || path.startsWith('/api/exams/{id}/check-in');
const isAbout = (operation: Operation) =>
  // Its pictures have a test of their own: of an unknown one, every answer reads the same.
  subjectOf(operation) !== undefined &&
  !isOffered(operation) &&
  !operation.path.startsWith('/api/check-ins/{id}/pictures');

describe.each(STAFF)('a %s', (role) => {
  test.each(PLACES)('uses what their rights in "%s" say, and nothing else', async (place) => {
    const person = people[role];
    for (const operation of contract.operations.filter(isAbout)) {
      const right = refusals(operation, role, place);
      const { method } = operation;
      if (!right && method !== 'GET') continue;
      const body = bodyOf(operation, sittingOf(role, place));
      const answer = await person.send(
        method,
        pathOf(operation, sittingOf(role, place), checkIns.get(keyOf(role, place))!),
        {
          ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        },
      );
      const what = `${method} ${operation.path}: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 200)}`;
      if (right) expect(right, what).toContain(answer.status);
      else expect([401, 403, 404], what).not.toContain(answer.status);
    }
  });

  test('searches the audit log of visible sessions, whole exams and managed people, and of nothing else', async () => {
    const person = people[role];
    const search = (query: string) => person.send('GET', `/api/audit/entries?${query}`);
    expect((await search('')).status).toBe(role === 'admin' ? 200 : 400);
    for (const place of PLACES) {
      const { session, exam, student } = sittingOf(role, place);
      const isSeen = SEEN[role].includes(place);
      const statuses = [await search(`session=${session.id}`), await search(`exam=${exam.id}`)].map(
        ({ status }) => status,
      );
      const whole = isSeen && (role === 'manager' || role === 'admin' || place !== 'assigned room');
      if (place !== 'own') expect(statuses, place).toEqual([isSeen ? 200 : 404, whole ? 200 : 404]);
      else expect(statuses[0], place).toBe(403);
      const of = await search(`person=${student.userId}&limit=200`);
      const isManaged = role === 'admin' || (role === 'manager' && place !== 'other organisation');
      // Managers are not managed by managers: nor is their own account.
      const isOwnManager = role === 'manager' && place === 'own';
      expect(of.status, place).toBe(isOwnManager ? 403 : isManaged ? 200 : 404);
      if (place === 'own' && isManaged && !isOwnManager)
        expect((of.body as AuditSearchPage).items.map(({ entityId }) => entityId)).not.toContain(session.id);
    }
  });

  test('finds no row of others in any list', async () => {
    const person = people[role];
    const hidden = PLACES.filter((place) => !SEEN[role].includes(place)).map((place) => ({
      place,
      ...sittingOf(role, place),
    }));
    const lists = [
      '/api/sessions?',
      '/api/proctoring/suspicious?level=Low&',
      '/api/exams?',
      '/exams/?',
      '/api/users?',
      '/admin/sessions?',
      '/api/verdicts?',
      '/api/check-ins?',
      '/api/policy-profiles?',
      '/api/accommodation-profiles?',
    ];
    for (const list of lists) {
      const answer = await person.send('GET', `${list}limit=200`);
      const text = JSON.stringify(answer.body);
      if (answer.status === 403) continue;
      expect(answer.status, list).toBe(200);
      for (const { place, session, exam, student } of hidden) {
        expect(text, `${list} ${place}`).not.toContain(session.id);
        expect(text, `${list} ${place}`).not.toContain(checkIns.get(keyOf(role, place))!);
        // Rooms share their exam; accounts and exams of the organisation are the manager's.
        if (place === 'other exam' || place === 'other organisation')
          expect(text, `${list} ${place}`).not.toContain(exam.id);
        if (place === 'other organisation')
          for (const id of [student.userId, ...Object.values(profiles.get(exam.organisationId)!)])
            expect(text, `${list} ${place}`).not.toContain(id);
      }
    }
    const { items } = await person.get<{ items: Session[] }>('/api/sessions?limit=200');
    const others = STAFF.filter((other) => other !== role).map((other) => sittingOf(other, 'own').session.id);
    const seen = [...SEEN[role].map((place) => sittingOf(role, place).session.id), ...others];
    expect(items.map(({ id }) => id).toSorted()).toEqual(seen.toSorted());
  });

  test('reads their own sessions as their student', async () => {
    const person = people[role];
    const { session } = sittingOf(role, 'own');
    const { items } = await person.get<{ items: Session[] }>(`/api/sessions?student=${person.userId}`);
    expect(items.map(({ id }) => id)).toEqual([session.id]);
    expect(await person.get(`/api/proctoring/my-attempt/${session.id}`)).toMatchObject({ session: { id: session.id } });
  });
});

test.each(['proctor', 'reviewer'] as const)('the audit log shows a %s the chains of what they see', async (role) => {
  const person = people[role];
  const [room, other] = [sittings.get('assigned room')!, sittings.get('other room')!];
  const whole = sittings.get('assigned exam')!;
  const read = async (path: string) => (await person.send('GET', path)).status;
  const entity = (type: string, id: string) => read(`/api/blockchain/entity/${type}/${id}`);
  const [mine, theirs] = [entity('session', room.session.id), entity('session', other.session.id)];
  expect([await mine, await theirs]).toEqual([200, 404]);
  // The chain of an exam names the students of all rooms.
  expect([await entity('exam', whole.exam.id), await entity('exam', room.exam.id)]).toEqual([200, 404]);
  expect(await entity('user', room.student.userId)).toBe(404);
  expect(await entity('system', SECURITY_ID)).toBe(404);
  const { items } = await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/attempt/${other.session.id}`);
  expect(await read(`/api/audit/inclusion/${items[0]!.id}`)).toBe(404);
});

test('staff of a room list its students only', async () => {
  const { exam, student } = sittings.get('assigned room')!;
  const other = sittings.get('other room')!.student;
  for (const role of ['proctor', 'reviewer'] as const) {
    const { items } = await people[role].get<{ items: { studentId: string }[] }>(`/api/exams/${exam.id}/students`);
    const ids = items.map(({ studentId }) => studentId);
    expect(ids).toContain(student.userId);
    expect(ids).not.toContain(other.userId);
    // The one who waits.
    expect(ids).toHaveLength(2);
  }
});

test('routes without a subject here are about no session, event, exam, account or profile', () => {
  const others = contract.operations.filter(
    (operation) => operation.path.includes('{') && subjectOf(operation) === undefined,
  );
  expect(others.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
    'DELETE /api/auth/logins/{id}',
    'DELETE /api/auth/second-factors/{id}',
    'DELETE /api/keys/{id}',
    'GET /api/audit/inclusion/{entry}',
    'GET /api/blockchain/events/{type}',
    'GET /api/evidence/{id}',
    'PATCH /api/auth/second-factors/{id}',
    'PATCH /api/keys/{id}',
    'PATCH /api/organisations/{id}',
    'POST /api/auth/second-factors/totp/{id}/confirm',
  ]);
});

describe('a manager', () => {
  test.each<[Role, number]>([
    ['student', 201],
    ['proctor', 201],
    ['reviewer', 201],
    ['manager', 403],
    ['admin', 403],
  ])('creating a %s is answered %i', async (role, status) => {
    const body = { email: `${role}-by-manager@example.org`, password: 'violet harbour 93', role };
    const answer = await people.manager.send('POST', '/api/users', {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(status);
  });

  test('promotes nobody above themselves, and moves nobody', async () => {
    const { student } = sittings.get('other exam')!;
    const { organisationId } = (await site.admin.get<{ items: Exam[] }>('/api/exams?limit=200')).items.find(
      ({ id }) => id === sittings.get('other organisation')!.exam.id,
    )!;
    for (const change of [{ role: 'manager' }, { role: 'admin' }, { organisationId }])
      await expect(people.manager.request('PATCH', `/api/users/${student.userId}`, change)).rejects.toMatchObject({
        status: 403,
      });
    await expect(people.manager.createExam({}, { organisationId })).rejects.toMatchObject({ status: 403 });
  });

  test('makes no link that still opens an account after its promotion', async () => {
    const person = await newPerson(site, 'proctor');
    const { path } = await people.manager.post<{ path: string }>(`/api/users/${person.userId}/reset`, {});
    await site.admin.request('PATCH', `/api/users/${person.userId}`, { role: 'admin' });
    const token = path.split('reset=')[1];
    await expect(site.api().post('/api/auth/reset', { token, newPassword: 'amber lantern 41' })).rejects.toMatchObject({
      code: 'reset_closed',
    });
  });
});

test('exams that are open to all are open to the students of their organisation', async () => {
  const { exam } = sittings.get('other organisation')!;
  const [ours, theirs] = [await newPerson(site, 'student'), await newPerson(site, 'student', exam.organisationId)];
  const listed = async (student: Api) =>
    JSON.stringify([await student.get('/api/exams/available?limit=200'), await student.get('/exams/')]).includes(
      exam.id,
    );
  expect([await listed(ours), await listed(theirs)]).toEqual([false, true]);
  await expect(ours.startSession(exam.id)).rejects.toMatchObject({ status: 404 });
  await expect(ours.get(`/api/exams/${exam.id}/details`)).rejects.toMatchObject({ status: 404 });
  const { id: sessionId } = await theirs.startSession(exam.id);
  expect(await theirs.post<Event>('/api/proctoring/event', { sessionId, type: 'TAB_SWITCH' })).toMatchObject({
    sessionId,
  });
});
