import { Connection } from './connection.ts';

export interface Load {
  /** Successful responses. */
  readonly answered: number;
  /** Counts of other statuses, and of lost connections (0). */
  readonly errors: ReadonlyMap<number, number>;
  readonly seconds: number;
}

/** Sends the requests, one list per connection, in a loop as fast as they are answered, for this many seconds. */
export async function load(url: string, lists: readonly (readonly Uint8Array[])[], secs: number): Promise<Load> {
  const connections = await Promise.all(lists.map(() => Connection.open(url)));
  const errors = new Map<number, number>();
  let answered = 0;
  const began = performance.now();
  const until = began + secs * 1000;
  await Promise.all(
    connections.map(async (connection, lane) => {
      const requests = lists[lane] ?? [];
      for (let turn = 0; performance.now() < until; turn++) {
        const status = await connection.request(requests[turn % requests.length] ?? new Uint8Array()).catch(() => 0);
        if (status >= 200 && status < 300) answered++;
        else errors.set(status, (errors.get(status) ?? 0) + 1);
        if (status === 0) return;
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  for (const connection of connections) connection.close();
  return { answered, errors, seconds };
}
