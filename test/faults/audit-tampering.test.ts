import { randomBytes } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mixSeed, type Random, seeded } from '../../simulator/draw/prng.ts';
import { entryHash } from '../../db/audit/hash.ts';
import { type AuditEntryRow, appendAudits, type NewAuditEntry } from '../../db/audit/append.ts';
import { saveEvents } from '../../db/events.ts';
import { migrate } from '../../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../../db/open.ts';
import type { Schema } from '../../db/schema/database.ts';
import type { SessionRow } from '../../db/sessions.ts';
import type { AuditVerification } from '../../protocol/http/audit.ts';
import { Signer } from '../../server/audit/checkpoints/signer.ts';
import { Attacker, undone } from '../support/audit-attacker.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { makeEvent, makeSession, T0 } from '../support/rows.ts';
import { TreeLog } from '../support/tree-log.ts';
import { sized } from '../support/size.ts';
import { fixedSeed } from '../support/random.ts';

const CASES = sized(1000, 50);
const SEED = fixedSeed(20_260_101);

type Tx = Transaction<Schema>;
/** Expected finding: `checkpoint`, or the entry or event at fault. Undefined: any fault. */
type Found = Partial<NonNullable<AuditVerification['firstBad']>> | undefined;
interface Case {
  readonly tx: Tx;
  readonly random: Random;
  readonly entries: readonly AuditEntryRow[];
  readonly attacker: Attacker;
}
type Attack = (at: Case) => Promise<Found | readonly Found[]>;

const below = (random: Random, limit: number) => Math.floor(random() * limit);
const pick = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)]!;
const place = (row: AuditEntryRow, position = row.position): Found => ({
  entityType: row.entity_type,
  entityId: row.entity_id,
  position,
});
const of = (row: Pick<AuditEntryRow, 'id'>) => sql`WHERE id = ${row.id}`;
const reseal = async ({ attacker, random }: Case, leaves: readonly string[]) =>
  attacker.regrow(leaves, random() < 0.5 ? new Signer(randomBytes(32)) : undefined);
const checkpoint: Found = { reason: 'checkpoint' };

function flipped(bytes: Uint8Array, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  copy[below(random, copy.length)]! ^= 1 << below(random, 8);
  return copy;
}

/** Changes a byte of a column, or a number, a time or an id as little as possible. */
async function changeEntry({ tx, random, entries }: Case): Promise<Found> {
  const row = pick(random, entries);
  const column = pick(random, [
    'id',
    'event_type',
    'actor',
    'at',
    'payload',
    'salt',
    'digest',
    'prev_hash',
    'hash',
  ] as const);
  const now = row[column];
  const value =
    column === 'id' || column === 'actor'
      ? uuidv7()
      : now instanceof Date
        ? new Date(now.getTime() + (random() < 0.5 ? 1 : -1))
        : now instanceof Uint8Array
          ? flipped(now, random)
          : String(now).slice(1);
  await tx
    .updateTable('audit_entries')
    .set({ [column]: value })
    .where('id', '=', row.id)
    .execute();
  return place(row);
}

/** Moves an entry to another chain, or to another position of its own. */
async function moveEntry({ tx, random, entries }: Case): Promise<readonly Found[]> {
  const row = pick(random, entries);
  if (random() < 0.5) {
    await sql`UPDATE audit_entries SET position = ${row.position + 1000} ${of(row)}`.execute(tx);
    return [place(row)];
  }
  const entity_id = uuidv7();
  await sql`UPDATE audit_entries SET entity_id = ${entity_id} ${of(row)}`.execute(tx);
  return [place(row), { entityId: entity_id }];
}

async function deleteEntry({ tx, random, entries }: Case): Promise<Found> {
  const row = pick(random, entries);
  await sql`DELETE FROM audit_entries ${of(row)}`.execute(tx);
  return { ...place(row), reason: 'missing' };
}

async function swapEntries({ tx, random, entries }: Case): Promise<Found> {
  const chain = pick(
    random,
    chainsOf(entries).filter((rows) => rows.length > 1),
  );
  const first = below(random, chain.length - 1);
  const [one, other] = [chain[first]!, chain[first + 1 + below(random, chain.length - 1 - first)]!];
  const put = (id: string, position: number) =>
    sql`UPDATE audit_entries SET position = ${position} WHERE id = ${id}`.execute(tx);
  await put(one.id, -1);
  await put(other.id, one.position);
  await put(one.id, other.position);
  return place(one);
}

async function swapLeaves({ tx, random, attacker }: Case): Promise<Found> {
  const leaves = await attacker.leaves();
  const first = below(random, leaves.length - 1);
  const second = first + 1 + below(random, leaves.length - 1 - first);
  const put = (leaf: number, entry: string) =>
    sql`UPDATE audit_leaves SET entry_id = ${entry} WHERE leaf_index = ${leaf}`.execute(tx);
  await put(first, uuidv7());
  await put(second, leaves[first]!);
  await put(first, leaves[second]!);
  return undefined;
}

/** Inserts at the end of a chain, with or without a leaf in the tree, or at an occupied position. */
async function insertEntry({ tx, random, entries, attacker }: Case): Promise<Found> {
  const last = pick(random, chainsOf(entries)).at(-1)!;
  const entry = {
    ...last,
    id: uuidv7(),
    position: last.position + 1,
    event_type: 'USER_ENABLED',
    prev_hash: last.hash,
  };
  const row = { ...entry, hash: entryHash(entry) };
  await tx.insertInto('audit_entries').values(row).execute();
  const how = below(random, 3);
  if (how === 0) return place(row);
  await sql`UPDATE audit_heads SET length = length + 1, hash = ${row.hash} WHERE entity_type = ${row.entity_type} AND entity_id = ${row.entity_id}`.execute(
    tx,
  );
  if (how === 1) return { ...place(row), reason: 'leaf' };
  await sql`INSERT INTO audit_leaves VALUES (${(await attacker.leaves()).length}, ${row.id})`.execute(tx);
  return { reason: 'tree' };
}

/** Changes or removes one entry and recomputes everything that depends on it. */
async function restampChain(at: Case): Promise<Found> {
  const { random, entries, attacker } = at;
  const chain = pick(
    random,
    chainsOf(entries).filter((rows) => rows.some((row) => row.event_type !== 'EVENTS_STORED')),
  );
  const changed = pick(
    random,
    chain.filter((row) => row.event_type !== 'EVENTS_STORED'),
  );
  const leaves = await attacker.leaves();
  // Removing the first entry would leave a session without its start.
  if (random() < 0.5 && chain.length > 1) {
    await attacker.restamp(
      changed,
      chain.filter((row) => row !== changed),
    );
    await reseal(
      at,
      leaves.filter((id) => id !== changed.id),
    );
  } else {
    await attacker.restamp(
      changed,
      chain.map((row) =>
        row === changed
          ? { ...row, at: new Date(row.at.getTime() + 60_000), payload: Buffer.from('{"forged":true}') }
          : row,
      ),
    );
    await reseal(at, leaves);
  }
  return checkpoint;
}

/** As `restampChain`, with the old checkpoints kept. */
async function restampUnsigned({ random, entries, attacker, tx }: Case): Promise<Found> {
  const chain = pick(random, chainsOf(entries));
  await attacker.restamp(
    chain[0]!,
    chain.map((row, i) => (i === 0 ? { ...row, actor: uuidv7() } : row)),
  );
  const checkpoints = await tx.selectFrom('audit_checkpoints').selectAll().execute();
  await attacker.regrow(await attacker.leaves(), undefined);
  await tx.insertInto('audit_checkpoints').values(checkpoints).execute();
  return checkpoint;
}

async function cutTail({ random, attacker }: Case): Promise<Found> {
  await attacker.cutTail(1 + below(random, 50), random() < 0.5 ? new Signer(randomBytes(32)) : undefined);
  return checkpoint;
}

/** Keeps the signed checkpoints in the database up to the cut: only the external copy shows it. */
async function cutTailSigned({ tx, random, attacker }: Case): Promise<Found> {
  const before = await tx.selectFrom('audit_checkpoints').selectAll().execute();
  const count = 1 + below(random, 50);
  const size = (await attacker.leaves()).length;
  await attacker.cutTail(count, undefined);
  const left = before.filter((row) => Number(row.tree_size) <= size - count);
  if (left.length > 0) await tx.insertInto('audit_checkpoints').values(left).execute();
  return { reason: 'checkpoint', checkpoint: { kept: 'outside', size, fault: 'beyond' } };
}

async function changeEvent({ tx, random }: Case): Promise<Found> {
  const row = pick(random, await tx.selectFrom('events').select(['id', 'session_id', 'seq']).orderBy('id').execute());
  const change = pick(random, [
    sql`type = type || 'X'`,
    sql`severity = 'low'`,
    sql`weight = weight + 0.25`,
    sql`started_at = started_at + interval '1 millisecond'`,
    sql`ended_at = ended_at + interval '1 microsecond'`,
    sql`started_at = 'infinity'`,
    sql`ended_at = NULL`,
    sql`duration_ms = 7`,
    sql`confidence = 0.1`,
    sql`details = '{"n":-1}'`,
    sql`details = (details::text || ' ')::json`,
    sql`review = 'dismissed'`,
    sql`source = 'server'`,
    sql`change_offset = change_offset + 100`,
    sql`change_offset = 0`,
    sql`seq = seq + 500`,
    sql`client_seq = 9`,
  ]);
  await sql`UPDATE events SET ${change} WHERE id = ${row.id}`.execute(tx);
  return { reason: 'record', entityId: row.session_id };
}

async function deleteEvent({ tx, random }: Case): Promise<Found> {
  const row = pick(random, await tx.selectFrom('events').select(['id', 'session_id', 'seq']).orderBy('id').execute());
  await sql`DELETE FROM events WHERE id = ${row.id}`.execute(tx);
  return { reason: 'record', entityId: row.session_id, seq: row.seq };
}

async function insertEvent({ tx, random }: Case): Promise<Found> {
  const { id } = pick(random, await tx.selectFrom('sessions').select('id').orderBy('id').execute());
  const seq = 1000 + below(random, 1000);
  await saveEvents(tx, [makeEvent(id, { seq, change_offset: below(random, 200) })]);
  return { reason: 'record', entityId: id, seq };
}

/** Changing the salt invalidates all digests; deleting the session alone would leave its events unreferenced. */
async function changeSession({ tx, random }: Case): Promise<Found> {
  const { session_id: id } = pick(random, await tx.selectFrom('events').select('session_id').orderBy('id').execute());
  if (random() < 0.5) {
    await sql`UPDATE sessions SET audit_salt = ${randomBytes(32)} WHERE id = ${id}`.execute(tx);
  } else {
    await sql`DELETE FROM events WHERE session_id = ${id}`.execute(tx);
    await sql`DELETE FROM sessions WHERE id = ${id}`.execute(tx);
  }
  return { reason: 'record', entityId: id };
}

async function changeTree({ tx, random }: Case): Promise<Found> {
  const byte = below(random, 32);
  const change = pick(random, [
    sql`UPDATE audit_tiles SET hashes = set_byte(hashes, ${byte}, (get_byte(hashes, ${byte}) + 1 + ${below(random, 200)}) % 256) WHERE (level, tile_index) IN (SELECT level, tile_index FROM audit_tiles ORDER BY 1, 2 OFFSET ${below(random, 3)} LIMIT 1)`,
    sql`DELETE FROM audit_tiles WHERE level = ${below(random, 2)} AND tile_index = 0`,
    sql`UPDATE audit_tiles SET hashes = hashes || hashes WHERE level = 1`,
    sql`DELETE FROM audit_leaves WHERE leaf_index = ${below(random, 300)}`,
    sql`UPDATE audit_leaves SET leaf_index = leaf_index + 10000 WHERE leaf_index = ${below(random, 300)}`,
    sql`UPDATE audit_checkpoints SET note = replace(note, E'\\n\\n', E'\\nand more\\n\\n')`,
    sql`UPDATE audit_heads SET event_offset = event_offset + 1 WHERE entity_type = 'session'`,
  ]);
  await change.execute(tx);
  return undefined;
}

/** Edits must be located; forgeries that are consistent in themselves are detected by the external checkpoints. */
const ATTACKS: Readonly<Record<string, Attack>> = {
  'a byte changed': changeEntry,
  'a row moved': moveEntry,
  'a row deleted': deleteEntry,
  'rows swapped': swapEntries,
  'leaves swapped': swapLeaves,
  'a row inserted': insertEntry,
  'a chain restamped': restampChain,
  'a chain restamped, checkpoints left': restampUnsigned,
  'the tail cut': cutTail,
  'the tail cut, checkpoints left': cutTailSigned,
  'an event changed': changeEvent,
  'an event deleted': deleteEvent,
  'an event inserted': insertEvent,
  'a session changed': changeSession,
  'the tree changed': changeTree,
};
const NAMES = Object.keys(ATTACKS);

function chainsOf(entries: readonly AuditEntryRow[]): AuditEntryRow[][] {
  const chains = new Map<string, AuditEntryRow[]>();
  for (const row of entries) chains.set(row.entity_id, [...(chains.get(row.entity_id) ?? []), row]);
  return [...chains.values()].map((rows) => rows.toSorted((a, b) => a.position - b.position));
}

describe.for(KINDS)('tampering with the audit log in the database, on $title', ({ kind, available }) => {
  let at: TestDatabase;
  let opened: OpenDatabase;
  let log: TreeLog;
  let sizes = 0;

  /** Accounts and sessions with events, some 400 entries, with checkpoints in between. */
  async function fill(): Promise<void> {
    const random = seeded(SEED);
    const { db } = opened;
    const users = Array.from({ length: 12 }, () => uuidv7());
    const sessions: { readonly row: SessionRow; seq: number; offset: number }[] = [];
    for (let i = 0; i < 8; i++) sessions.push({ row: await makeSession(db), seq: 0, offset: 0 });
    const started = (id: string, n: number): NewAuditEntry => ({
      type: 'SESSION_STARTED',
      entityId: id,
      actor: uuidv7(),
      at: new Date(T0 + n),
    });
    await db.transaction().execute((tx) =>
      appendAudits(
        tx,
        sessions.slice(0, 2).map(({ row }) => started(row.id, 0)),
      ),
    );
    for (let round = 1; round <= 200; round++) {
      await db.transaction().execute(async (tx) => {
        const acts = Array.from({ length: below(random, 3) }, (): NewAuditEntry => ({
          type: 'USER_ROLE_CHANGED',
          entityId: pick(random, users),
          actor: uuidv7(),
          at: new Date(T0 + round),
          payload: { from: 'student', to: 'proctor', round },
        }));
        const next = sessions[1 + Math.floor(round / 25)];
        if (round % 25 === 0 && next) acts.push(started(next.row.id, round));
        // The last session stays without events.
        const session = pick(random, sessions.slice(0, Math.min(7, 1 + Math.floor(round / 25))));
        const events =
          random() < 0.4
            ? []
            : Array.from({ length: 1 + below(random, 3) }, () =>
                makeEvent(session.row.id, {
                  seq: ++session.seq,
                  change_offset: ++session.offset,
                  details: { n: session.seq, text: 'ä "quoted"' },
                  confidence: 0.5,
                }),
              );
        await saveEvents(tx, events);
        await appendAudits(
          tx,
          acts,
          events.length > 0 ? [{ sessionId: session.row.id, salt: session.row.audit_salt, events }] : [],
          new Date(T0 + round),
        );
      });
      if (round % 50 === 0) {
        await log.settle();
        sizes += 1;
      }
    }
  }

  beforeAll(async () => {
    if (!available) return;
    at = await createDatabase(kind);
    opened = await openDatabase(at);
    await migrate(opened.db);
    log = await TreeLog.open(opened.db);
    await fill();
    await Attacker.disarm(opened.db);
  });
  afterAll(async () => {
    await log?.remove();
    await opened?.close();
    await at?.remove();
  });

  const whole = async () => expect(await log.verify()).toMatchObject({ valid: true, checkpoints: 2 * sizes });

  test.runIf(available)(
    `${CASES} random cases: each is detected, and edits are located`,
    { timeout: sized(30, 5) * 60_000 },
    async () => {
      const { db } = opened;
      await whole();
      const entries = await db.selectFrom('audit_entries').selectAll().orderBy('id').execute();
      expect(entries.length).toBeGreaterThan(257);
      const began = performance.now();
      const missed: string[] = [];
      const found = new Map(NAMES.map((name) => [name, 0]));
      for (let n = 0; n < CASES; n++) {
        const name = NAMES[n % NAMES.length]!;
        let expected: Found | readonly Found[];
        const result = await undone(
          db,
          async (tx) =>
            (expected = await ATTACKS[name]!({
              tx,
              random: seeded(mixSeed(SEED, n)),
              entries,
              attacker: new Attacker(tx),
            })),
          (tx) => log.verify(tx),
        );
        const either = ([] as Found[]).concat(expected! as Found);
        const isFound =
          !result.valid &&
          either.some(
            (wanted) =>
              wanted === undefined ||
              Object.entries(wanted).every(
                ([key, value]) => JSON.stringify(result.firstBad![key as 'reason']) === JSON.stringify(value),
              ),
          );
        if (!isFound)
          missed.push(
            `case ${n} of seed ${SEED}, ${name}: ${JSON.stringify(result)}, and not ${JSON.stringify(either)}`,
          );
        found.set(name, found.get(name)! + 1);
        // The undone log is valid again: a verification that always fails would show nothing.
        if (n % 50 === 49) await whole();
      }
      await whole();
      expect(missed).toEqual([]);
      const ms = Math.round((performance.now() - began) / CASES);
      console.log(
        `audit-tampering ${kind}: ${CASES} of ${CASES} cases found in a log of ${entries.length} entries, ${ms} ms a case (${[...found].map(([name, count]) => `${name} ${count}`).join(', ')})`,
      );
    },
  );
});
