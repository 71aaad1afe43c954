import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { User } from '../../protocol/http/accounts.ts';
import { API_KEY_SCOPES } from '../../protocol/http/api-keys.ts';
import { type Case, methodOf, send } from './conformance/case.ts';
import { proctorbeCases } from './conformance/proctorbe/cases.ts';
import { beginCoveredSession } from './conformance/native/audit.ts';
import { nativeCases } from './conformance/native/cases.ts';
import { World } from './conformance/world.ts';
import type { Api } from '../support/api.ts';
import { ApiContract, type Operation } from '../support/openapi.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/**
 * Every route against everybody who may ask. What is right follows from the table: from `who` as /openapi.json states
 * it, and, where any user may ask for an object that is somebody's, from whose it is. Inputs are those of the
 * conformance cases.
 */

type Asker = 'nobody' | 'owner' | 'another student' | 'proctor' | 'admin' | 'disabled' | 'key' | 'revoked key';
const ASKERS: readonly Asker[] = [
  'nobody',
  'owner',
  'another student',
  'proctor',
  'admin',
  'disabled',
  'key',
  'revoked key',
];
const ROLE: Readonly<Record<Asker, string | undefined>> = {
  nobody: undefined,
  owner: 'student',
  'another student': 'student',
  proctor: 'proctor',
  admin: 'admin',
  disabled: undefined,
  key: undefined,
  'revoked key': undefined,
};

let site: TestServer;
let world: World;
let contract: ApiContract;
let askers: Readonly<Record<Asker, Api>>;

/** A user whose token was good until their account was disabled. */
async function disabledUser(): Promise<Api> {
  const api = await site.student('Disabled');
  await site.admin.request<User>('PATCH', `/api/users/${api.userId}`, { disabled: true });
  return api;
}

/** A server with an API key of every scope. */
async function keyHolder(revoked = false): Promise<Api> {
  const { id, key } = await site.admin.post<{ id: string; key: string }>('/api/keys', {
    name: 'Exam site',
    scopes: API_KEY_SCOPES,
  });
  if (revoked) await site.admin.request('DELETE', `/api/keys/${id}`);
  const api = site.api();
  api.bearer = key;
  return api;
}

beforeAll(async () => {
  site = await startTestServer({ vision: true });
  world = await World.of(site);
  await beginCoveredSession(world);
  contract = await ApiContract.of(site.url);
  askers = {
    nobody: world.nobody,
    owner: world.owner,
    'another student': world.other,
    proctor: world.proctor,
    admin: world.admin,
    disabled: await disabledUser(),
    key: await keyHolder(),
    'revoked key': await keyHolder(true),
  };
});
afterAll(() => site?.close());

const rolesOf = ({ description }: Operation): string[] | undefined =>
  /Roles: (.*)\.$/.exec(description)?.[1]?.split(', ');
const isOpen = ({ security }: Operation) => security.length === 0;
const isForKeys = ({ security }: Operation) => security.some((way) => 'apiKey' in way);
const isForGuests = ({ security }: Operation) => security.some((way) => Object.keys(way).length === 0);

/** Statuses that are right; undefined where the request has to be let through. */
function refusals(operation: Operation, { belongs }: Case, asker: Asker): number[] | undefined {
  const { responses } = operation;
  if (isOpen(operation) || (asker === 'nobody' && isForGuests(operation))) return undefined;
  if (asker === 'nobody') return [401];
  if (asker === 'disabled') return [401, 403];
  if (asker === 'revoked key') return [401];
  if (asker === 'key')
    return isForKeys(operation) ? undefined : [/\bforbidden\b/.test(responses['403']?.description ?? '') ? 403 : 404];
  const roles = rolesOf(operation);
  if (roles && !roles.includes(ROLE[asker] ?? ''))
    return [/\bforbidden\b/.test(responses['403']?.description ?? '') ? 403 : 404];
  if (belongs === undefined || asker === 'owner') return undefined;
  return belongs === 'to the owner' || asker === 'another student' ? [404] : undefined;
}

/** The first case of each operation. */
const inputs = [
  ...new Map([...proctorbeCases, ...nativeCases].toReversed().map((row) => [row.operation, row])).values(),
].toReversed();

async function logInAgain(api: Api): Promise<void> {
  const passwords: Record<string, string> = {
    student: `${api.tokens?.user.name}'s password`,
    proctor: 'a proctor password',
    admin: 'a password for tests',
  };
  if (api.tokens) await api.login(api.tokens.user.email, passwords[api.tokens.user.role] ?? '');
}

describe('rights', () => {
  test.each(inputs.map((row) => [row.operation, row] as const))('%s', async (_name, row) => {
    const operation = contract.operations.find(({ method, path }) => `${method} ${path}` === row.operation);
    expect(operation, 'is documented').toBeDefined();
    // Reads and refused requests change nothing, so all of them can be about the same objects.
    let shared: ReturnType<typeof row.call> | undefined;
    for (const asker of ASKERS) {
      const api = askers[asker];
      const right = refusals(operation!, row, asker);
      const changes = !right && methodOf(row.operation) !== 'GET';
      const call = await (changes ? row.call(world) : (shared ??= row.call(world)));
      const answer = await send(api, methodOf(row.operation), call);
      const what = `${asker}: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 300)}`;
      if (right) expect(right, what).toContain(answer.status);
      else {
        expect(
          [401, 403, 404].filter((status) => status !== row.refused),
          what,
        ).not.toContain(answer.status);
        expect(answer.status, what).toBeLessThan(500);
      }
      if (row.operation.endsWith('/logout') && asker !== 'disabled') await logInAgain(api);
    }
  });

  test('define an owner for every object route open to all users', () => {
    // Exams are shown to all who may sit them; of a check-in each reads the own one, or that there is none.
    const shared = ['GET /api/exams/{id}/details', 'GET /api/exams/{id}/check-in/state'];
    const open = contract.operations.filter(
      ({ path, ...operation }) =>
        path.includes('{') && !rolesOf({ path, ...operation }) && !isOpen({ path, ...operation }),
    );
    for (const { method, path } of open) {
      const row = inputs.find(({ operation }) => operation === `${method} ${path}`);
      if (!shared.includes(`${method} ${path}`)) expect(row?.belongs, `${method} ${path}`).toBeDefined();
    }
  });

  test('need no login on these routes only', () => {
    const open = contract.operations
      .filter((operation) => isOpen(operation) || isForGuests(operation))
      .map(({ method, path }) => `${method} ${path}`);
    expect(open.toSorted()).toEqual([
      'GET /',
      'GET /exams/',
      'GET /health',
      'GET /metrics',
      'GET /openapi.json',
      'GET /protocol.json',
      'GET /ready',
      'POST /api/auth/login',
      'POST /api/auth/logout',
      'POST /api/auth/refresh',
      'POST /api/auth/register',
      'POST /api/auth/reset',
      'POST /api/auth/reset/account',
      'POST /api/auth/second-factor',
      'POST /api/auth/second-factor/options',
      'POST /api/setup',
      'POST /api/socket-check',
      'POST /api/system-check/frame',
      'POST /auth/login',
      'POST /auth/register',
    ]);
  });

  test('let API keys use these routes only', () => {
    const forKeys = contract.operations.filter(isForKeys);
    expect(forKeys.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/sessions',
      'POST /api/sessions/{id}/ticket',
    ]);
  });

  test('let students use these routes only', () => {
    const forStudents = contract.operations.filter(
      (operation) => !isOpen(operation) && !isForGuests(operation) && rolesOf(operation)?.includes('student') !== false,
    );
    expect(forStudents.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'DELETE /api/auth/logins/{id}',
      'DELETE /api/auth/second-factors/{id}',
      'DELETE /api/exams/{id}/check-in',
      'DELETE /api/exams/{id}/check-in/pictures',
      'GET /api/audit/checkpoint',
      'GET /api/audit/consistency',
      'GET /api/auth/logins',
      'GET /api/auth/me',
      'GET /api/auth/second-factors',
      'GET /api/exams/available',
      'GET /api/exams/{id}/check-in',
      'GET /api/exams/{id}/check-in/pictures/{picture}',
      'GET /api/exams/{id}/check-in/state',
      'GET /api/exams/{id}/details',
      'GET /api/proctoring/attempt/{id}/events',
      'GET /api/proctoring/my-attempt/{id}',
      'GET /api/proctoring/my-attempt/{id}/pictures/{picture}',
      'GET /api/proctoring/my-attempt/{id}/verdicts',
      'GET /api/sessions',
      'GET /api/sessions/{id}',
      'GET /api/sessions/{id}/conversation',
      'PATCH /api/auth/me',
      'PATCH /api/auth/second-factors/{id}',
      'POST /api/auth/logout-everywhere',
      'POST /api/auth/password',
      'POST /api/auth/second-factors/passkey',
      'POST /api/auth/second-factors/passkey/options',
      'POST /api/auth/second-factors/recovery-codes',
      'POST /api/auth/second-factors/totp',
      'POST /api/auth/second-factors/totp/{id}/confirm',
      'POST /api/auth/step-up',
      'POST /api/auth/step-up/options',
      'POST /api/cv/analyze-frame',
      'POST /api/exams/{id}/check-in',
      'POST /api/exams/{id}/check-in/leave',
      'POST /api/exams/{id}/check-in/pictures',
      'POST /api/exams/{id}/check-in/submit',
      'POST /api/proctoring/event',
      'POST /api/proctoring/my-attempt/{id}/answer',
      'POST /api/proctoring/my-attempt/{id}/appeal',
      'POST /api/proctoring/my-attempt/{id}/appeal/withdraw',
      'POST /api/sessions',
      'POST /api/sessions/{id}/end',
      'POST /api/sessions/{id}/ticket',
      'POST /cv/analyze-frame',
      'POST /events/',
      'POST /sessions/end',
      'POST /sessions/start',
    ]);
  });

  test('cover every operation', () => {
    const covered = new Set(inputs.map(({ operation }) => operation));
    expect(
      contract.operations.map(({ method, path }) => `${method} ${path}`).filter((operation) => !covered.has(operation)),
    ).toEqual([]);
  });
});
