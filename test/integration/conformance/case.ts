import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../../db/executor.ts';
import { type OpenDatabase, openDatabase } from '../../../db/open.ts';
import type { Api } from '../../support/api.ts';
import { createDatabase, KINDS, type TestDatabase } from '../../support/databases.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { World } from './world.ts';

/** A request as the documentation says it, and the ids of what it is about. */
export interface Call {
  readonly path: string;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly file?: Uint8Array<ArrayBuffer>;
  /** Sent with the file. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly ids?: Readonly<Record<string, string>>;
}

interface Done<C extends Call = Call> {
  readonly world: World;
  readonly call: C;
  // The body is what a case says it is; the contract has been checked by then.
  // eslint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

type Actor = 'nobody' | 'owner' | 'other' | 'proctor' | 'admin';

/** One documented request with what it answers and does. The rights matrix takes its inputs from here, too. */
export interface Case {
  /** As /openapi.json has it: `GET /api/exams/{id}`. */
  readonly operation: string;
  readonly does: string;
  readonly as: Actor;
  /** Makes what the request is about, which belongs to the owner. */
  readonly call: (world: World) => Promise<Call> | Call;
  readonly status: number;
  /** What the body has to match. */
  readonly answers?: (done: Done) => unknown;
  /** Its effect, seen by another route. */
  readonly effect?: (done: Done) => Promise<void>;
  /** Its effect, read from the database after the server has stopped. */
  readonly stored?: (db: Db, done: Done) => Promise<void>;
  /** Whose the object is, where any user may ask: everybody else gets 404. */
  readonly belongs?: 'to the owner' | 'to the owner and staff';
  /** What a request with every right is answered here all the same: there is but one first admin. */
  readonly refused?: number;
}

export function send(api: Api, method: string, { path, json, form, file, fields = {} }: Call): ReturnType<Api['send']> {
  if (json !== undefined)
    return api.send(method, path, { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } });
  if (form) return api.send(method, path, { body: new URLSearchParams(form) });
  if (!file) return api.send(method, path);
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set('file', new Blob([file], { type: 'image/jpeg' }), 'frame.jpg');
  return api.send(method, path, { body });
}

export const methodOf = (operation: string): string => operation.split(' ')[0] ?? '';

const named = (cases: readonly Case[]): [string, Case][] => cases.map((row) => [`${row.operation} ${row.does}`, row]);

type Begin = (world: World) => Promise<unknown>;

function runOn(cases: readonly Case[], kind: 'pglite' | 'postgres', begin?: Begin): void {
  let database: TestDatabase;
  let site: TestServer;
  let world: World;
  const finished = new Map<Case, Done>();
  beforeAll(async () => {
    database = await createDatabase(kind);
    site = await startTestServer({ kind, database, vision: true });
    world = await World.of(site);
    await begin?.(world);
  });
  afterAll(async () => {
    await site?.close();
    await database?.remove();
  });

  test.each(named(cases))('%s', async (_name, row) => {
    const call = await row.call(world);
    const answer = await send(world[row.as], methodOf(row.operation), call);
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: row.status });
    const done: Done = { world, call, body: answer.body };
    if (row.answers) expect(answer.body).toMatchObject(row.answers(done) as object);
    await row.effect?.(done);
    finished.set(row, done);
  });

  describe('in the database, after the server has stopped', () => {
    let opened: OpenDatabase;
    beforeAll(async () => {
      await site.close();
      opened = await openDatabase(database);
    });
    afterAll(() => opened?.close());
    test.each(named(cases.filter((row) => row.stored)))('%s', async (_name, row) => {
      const done = finished.get(row);
      if (done) await row.stored?.(opened.db, done);
    });
  });
}

/**
 * Runs a table of cases on each database that is there.
 * @param begin starts, before the first case, what a later one waits for
 */
export function runCases(cases: readonly Case[], begin?: Begin): void {
  for (const { kind, available, title } of KINDS) describe.runIf(available)(title, () => runOn(cases, kind, begin));
}
