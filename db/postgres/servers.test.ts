import { expect, test } from 'vitest';
import { Servers } from './servers.ts';

const NO_TLS = 'The server does not support SSL connections';
const STOPPING = 'the database system is shutting down';

test('a server without TLS that stops is reported as stopping, not as lacking TLS (sslmode=prefer)', async () => {
  const servers = new Servers('postgres://invigil@127.0.0.1/invigil');
  // An earlier connection settled on plain text.
  servers.failed(servers.choice, new Error(NO_TLS));
  const tried: string[] = [];
  const failure = servers.reach(() => {
    const { choice } = servers;
    const error = new Error(choice.encryption === 0 ? NO_TLS : STOPPING);
    tried.push(error.message);
    servers.failed(choice, error);
    return Promise.reject(error);
  });
  await expect(failure).rejects.toThrow(STOPPING);
  expect(tried).toEqual([STOPPING, NO_TLS]);
});

test('a login that the second host refuses with and without TLS is reported, not that the first host is down', async () => {
  const servers = new Servers('postgres://invigil@10.0.0.1,10.0.0.2/invigil');
  const failure = servers.reach(() => {
    const { choice } = servers;
    const error =
      choice.server === 0
        ? Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
        : Object.assign(new Error(`no entry, encryption ${choice.encryption}`), { code: '28000' });
    servers.failed(choice, error);
    return Promise.reject(error);
  });
  await expect(failure).rejects.toThrow('no entry, encryption 1');
});
