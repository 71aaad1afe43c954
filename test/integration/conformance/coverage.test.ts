import { expect, test } from 'vitest';
import { ApiContract } from '../../support/openapi.ts';
import { startTestServer } from '../../support/server.ts';
import { proctorbeCases } from './proctorbe/cases.ts';
import { nativeCases } from './native/cases.ts';

test('every operation of /openapi.json has a case, and every case an operation', async () => {
  await using site = await startTestServer();
  const { operations } = await ApiContract.of(site.url);
  const documented = operations.map(({ method, path }) => `${method} ${path}`);
  const called = [...new Set([...proctorbeCases, ...nativeCases].map(({ operation }) => operation))];
  expect(documented.filter((operation) => !called.includes(operation))).toEqual([]);
  expect(called.filter((operation) => !documented.includes(operation))).toEqual([]);
});
