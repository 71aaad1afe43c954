import { Connection } from '../http/connection.ts';

const BOUNDARY = 'invigil-bench-7MA4YWxk';
/** Reconnects until every worker process has its share: the kernel assigns connections at random. */
const TRIES = 40;

/** A student using ProctorBE's API. */
export interface PostingStudent {
  readonly token: string;
  readonly session: string | number;
}

/** As sent by a browser's form. */
export function formOf(jpeg: Uint8Array): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="frame.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), jpeg, Buffer.from(`\r\n--${BOUNDARY}--\r\n`, 'latin1')]);
}

function headOf({ session, token }: PostingStudent, body: Uint8Array): Buffer {
  const lines = [
    `POST /cv/analyze-frame?session_id=${session} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
    `Content-Length: ${body.byteLength}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Posts frames one after the other on one connection. */
export class Poster {
  readonly #connection: Connection;
  readonly #heads: readonly Buffer[];
  readonly #forms: readonly Buffer[];
  latencies: number[] = [];
  /** Statuses other than 200, and 0 for a lost connection. */
  failures: number[] = [];

  constructor(connection: Connection, student: PostingStudent, forms: readonly Buffer[]) {
    this.#connection = connection;
    this.#forms = forms;
    this.#heads = forms.map((form) => headOf(student, form));
  }

  recount(): void {
    this.latencies = [];
    this.failures = [];
  }

  /** @param from starting position in the clip */
  async run(from: number, isOver: () => boolean): Promise<void> {
    for (let turn = from; !isOver(); turn++) {
      const place = turn % this.#forms.length;
      const sentAt = performance.now();
      const status = await this.#connection.request(this.#heads[place]!, this.#forms[place]!).catch(() => 0);
      if (status === 200) this.latencies.push(performance.now() - sentAt);
      else this.failures.push(status);
      if (status === 0) return;
    }
  }

  close(): void {
    this.#connection.close();
  }
}

/**
 * Opens `count` connections so that each of the `workers` processes on the port gets its share; each reports its id at
 * `/`.
 */
export async function balancedConnections(url: string, count: number, workers: number): Promise<Connection[]> {
  const shares = new Map<string, number>();
  const connections: Connection[] = [];
  for (let attempt = 1; connections.length < count; attempt++) {
    const connection = await Connection.open(url);
    const pid = /"pid": ?(\d+)/.exec(await connection.text('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'))?.[1] ?? '';
    const share = shares.get(pid) ?? 0;
    if (share >= Math.ceil(count / workers) && attempt < TRIES * count) {
      connection.close();
      continue;
    }
    shares.set(pid, share + 1);
    connections.push(connection);
  }
  return connections;
}
