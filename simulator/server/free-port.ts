import { createServer } from 'node:net';

/** `wanted` if free on 127.0.0.1, otherwise 0, which selects any free port. */
export async function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  const free = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(wanted, '127.0.0.1', () => resolve(true));
  });
  if (!free) return 0;
  await new Promise((resolve) => probe.close(resolve));
  return wanted;
}
