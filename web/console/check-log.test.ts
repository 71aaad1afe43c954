import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { toBase64 } from '../../protocol/audit/base64.ts';
import { noteCrypto } from '../../server/audit/checkpoints/note-crypto.ts';
import { Signer } from '../../server/audit/checkpoints/signer.ts';
import { leafHash } from '../../server/audit/tree/hashes.ts';
import { consistencyProof, rootAt } from '../../server/audit/tree/proofs.ts';
import { appendLeaves, edgeTiles, type ReadTiles, type Tile, tileKey } from '../../server/audit/tree/tiles.ts';
import type { AuditCrypto } from './audit-crypto.ts';
import { checkLog, type LogSource } from './check-log.ts';
import { alarmText, type StoredLog, parseStoredLog } from './stored-log.ts';

const crypto: AuditCrypto = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  verify: noteCrypto.verify,
};
const NOW = 1_767_261_600_000;

/** A server's log; `salt` makes another one of the same length. */
class Log implements LogSource {
  readonly signer: Signer;
  asked = 0;
  #tiles = new Map<string, Tile>();
  #size = 0;

  constructor(signer = new Signer(randomBytes(32))) {
    this.signer = signer;
  }

  append(count: number, salt = ''): this {
    const leaves = Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`${salt}${this.#size + i}`)));
    for (const tile of appendLeaves(
      this.#size,
      edgeTiles(this.#size).map((id) => this.#tiles.get(tileKey(id))!),
      Buffer.concat(leaves),
    ))
      this.#tiles.set(tileKey(tile), tile);
    this.#size += count;
    return this;
  }

  #read: ReadTiles = async (ids) => ids.flatMap((id) => this.#tiles.get(tileKey(id)) ?? []);

  newest = async () =>
    this.#size === 0
      ? undefined
      : {
          key: await this.signer.verifierKey(),
          note: await this.signer.note({ size: this.#size, root: await rootAt(this.#size, this.#read) }),
        };

  consistency = async (from: number, to: number) => {
    this.asked += 1;
    return { proof: (await consistencyProof(from, to, this.#read)).map(toBase64) };
  };
}

const first = async (log: LogSource): Promise<StoredLog> => (await checkLog(undefined, log, crypto, NOW))!;
const reason = async (kept: StoredLog, log: LogSource, by = crypto) =>
  (await checkLog(kept, log, by, NOW + 1))?.alarm?.reason;

describe('verification of the audit log in the console', () => {
  test('nothing is stored while the server has no checkpoint', async () => {
    expect(await checkLog(undefined, new Log(), crypto, NOW)).toBeUndefined();
  });

  test('the first checkpoint is stored with its key: trust on first use', async () => {
    const log = new Log().append(5);
    expect(await first(log)).toEqual({
      ...(await log.newest()),
      size: 5,
      trustedAt: NOW,
      checkedAt: NOW,
      alarm: undefined,
    });
  });

  test('a longer and an unchanged log are good; only the longer one needs a consistency proof', async () => {
    const log = new Log().append(300);
    const kept = await first(log);
    expect(await checkLog(kept, log, crypto, NOW + 1)).toEqual({ ...kept, checkedAt: NOW + 1 });
    expect(log.asked).toBe(0);
    const next = await checkLog(kept, log.append(700), crypto, NOW + 2);
    expect(next).toEqual({ ...(await log.newest()), size: 1000, trustedAt: NOW, checkedAt: NOW + 2, alarm: undefined });
    expect(log.asked).toBe(1);
  });

  test('a log rewritten under the same key is detected, whether shorter, equally long or longer', async () => {
    const log = new Log().append(300);
    const kept = await first(log);
    const again = new Log(log.signer).append(299).append(0);
    expect(await reason(kept, again)).toBe('smaller');
    expect(await reason(kept, again.append(1, 'other'))).toBe('rewritten');
    expect(await reason(kept, again.append(100))).toBe('rewritten');
    expect(await reason(kept, new Log(log.signer))).toBe('smaller');
  });

  test('another key, a foreign signature and an invalid key are detected', async () => {
    const log = new Log().append(3);
    const kept = await first(log);
    expect(await reason(kept, new Log().append(3))).toBe('key');
    const [mine, foreign] = [(await log.append(1).newest())!, (await new Log().append(4).newest())!];
    expect(await reason(kept, { ...log, newest: async () => ({ key: mine.key, note: foreign.note }) })).toBe(
      'signature',
    );
    expect(
      await reason(kept, {
        ...log,
        newest: async () => ({ key: mine.key, note: mine.note.replace('\n4\n', '\n5\n') }),
      }),
    ).toBe('signature');
    expect(await reason(kept, { ...log, newest: async () => ({ key: mine.key, note: 'garbage' }) })).toBe('signature');
    expect(
      (await checkLog(undefined, { ...log, newest: async () => ({ key: 'none', note: mine.note }) }, crypto, NOW))
        ?.alarm?.reason,
    ).toBe('signature');
  });

  test('a refused, truncated or malformed proof is an alarm', async () => {
    const log = new Log().append(7);
    const kept = await first(log);
    log.append(6);
    const { proof } = await log.consistency(7, 13);
    for (const answer of [
      undefined,
      { proof: [] },
      { proof: proof.slice(1) },
      { proof: proof.map(() => '!') },
      { proof: proof.map(() => 'AAAA') },
    ]) {
      expect(await reason(kept, { newest: log.newest, consistency: async () => answer })).toBe('rewritten');
    }
  });

  test('an unreachable server raises no alarm, and the stored state stays', async () => {
    const log = new Log().append(7);
    const kept = await first(log);
    const away = () => Promise.reject(new Error('away'));
    await expect(checkLog(kept, { ...log, newest: away }, crypto, NOW)).rejects.toThrow('away');
    await expect(checkLog(kept, { newest: log.append(1).newest, consistency: away }, crypto, NOW)).rejects.toThrow(
      'away',
    );
  });

  test('an alarm stays with the last good checkpoint, also when the server shows a good log later', async () => {
    const log = new Log().append(7);
    const kept = await first(log);
    const alarmed = (await checkLog(kept, new Log(log.signer).append(6), crypto, NOW + 1))!;
    expect(alarmed).toMatchObject({ ...kept, alarm: { reason: 'smaller', at: NOW + 1 } });
    expect(await checkLog(alarmed, log.append(100), crypto, NOW + 2)).toBe(alarmed);
  });

  test('without Ed25519, consistency of the checkpoints is still verified', async () => {
    const weak = { sha256: crypto.sha256, verify: undefined };
    const log = new Log().append(300);
    const kept = await first(log);
    expect(await reason(kept, log.append(5), weak)).toBeUndefined();
    expect(await reason(kept, new Log(log.signer).append(400, 'other'), weak)).toBe('rewritten');
  });
});

describe('stored state of the audit log', () => {
  test('is read back as it was written; anything else counts as nothing stored', async () => {
    const kept = await first(new Log().append(7));
    const alarm = { reason: 'smaller', at: NOW, key: 'k', note: 'n' } as const;
    expect(parseStoredLog(JSON.stringify(kept))).toEqual(kept);
    expect(parseStoredLog(JSON.stringify({ ...kept, alarm }))).toEqual({ ...kept, alarm });
    expect(parseStoredLog(JSON.stringify({ ...kept, alarm: { ...alarm, reason: 'else' } }))!.alarm).toBeUndefined();
    for (const text of [null, '', '{', '7', 'null', '{}', JSON.stringify({ ...kept, size: '7' })])
      expect(parseStoredLog(text)).toBeUndefined();
  });

  test('the alarm text has both notes and both keys', async () => {
    const kept = await first(new Log().append(7));
    const text = alarmText(kept, { reason: 'key', at: NOW, key: 'another key', note: 'another note\n' });
    for (const part of [kept.key, kept.note, 'another key', 'another note', '2026-01-01T10:00:00.000Z: key'])
      expect(text).toContain(part);
  });
});
