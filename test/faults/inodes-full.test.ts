import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import { ADMIN } from '../support/admin.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { hasSmallDisks, SmallDisk } from '../support/small-disk.ts';
import { waitFor } from '../support/server.ts';

const skipped = hasSmallDisks ? '' : ' (skipped: no rights to mount a small file system)';

function smallDisk(): SmallDisk {
  const disk = SmallDisk.make(400, 4000)!;
  onTestFinished(() => disk.remove());
  return disk;
}

test.runIf(hasSmallDisks)(
  `without free inodes under the embedded database writes answer 503 and /ready too, and both recover once there are some${skipped}`,
  { timeout: 240_000 },
  async () => {
    const disk = smallDisk();
    const database = { url: undefined, dataDir: disk.folder, remove: () => Promise.resolve() };
    const server = new ServerProcess(await freePort(), database, { LOG_LEVEL: 'warn', VISION: 'off' });
    onTestFinished(async () => void (await server.stop('SIGKILL')));
    await server.start();
    const ready = async () => (await fetch(`${server.url}/ready`)).status;
    const login = () =>
      fetch(`${server.url}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(ADMIN),
      });
    disk.fillInodes();
    await waitFor('/ready 503', async () => (await ready()) === 503);
    const refused = await login();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    disk.empty();
    await waitFor('/ready 200', async () => (await ready()) === 200);
    expect((await login()).status).toBe(200);
    expect(await server.stop('SIGTERM')).toBe(0);
  },
);

test.runIf(hasSmallDisks)(
  `an embedded database whose files cannot be created is given up: it would not recover within the process${skipped}`,
  async () => {
    const disk = smallDisk();
    let broken: Error | undefined;
    const { db, close } = await openDatabase({
      url: undefined,
      dataDir: disk.folder,
      minFreeInodes: 0,
      onBroken: (error) => (broken = error),
    });
    onTestFinished(close);
    await sql`CREATE TABLE filled (text text)`.execute(db);
    disk.fillInodes();
    // From the fifth page on a table has a map of its free space, in another file.
    const fill = () => sql`INSERT INTO filled SELECT repeat('x', 1000) FROM generate_series(1, 100)`.execute(db);
    await expect(fill()).rejects.toThrow('No space left on device');
    expect(broken).toBeUndefined();
    disk.empty();
    await expect(fill()).rejects.toThrow('File exists');
    expect(broken?.message).toContain('File exists');
    await expect(sql`SELECT 1`.execute(db)).rejects.toThrow('File exists');
  },
);
