import { createDatabase, type TestDatabase } from './databases.ts';
import { NatsServer } from './nats.ts';
import { natsProgram, postgresUrl } from './requirements.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './server.ts';

const missing = [...(postgresUrl ? [] : ['TEST_DATABASE_URL']), ...(natsProgram ? [] : ['nats-server'])];

/** For titles of tests. */
export const onCluster = missing.length === 0 ? '' : ` (skipped: ${missing.join(', ')} not set or installed)`;
export const hasCluster = missing.length === 0;

/** Real servers on one PostgreSQL database, and one nats-server. */
export interface Cluster {
  readonly nodes: readonly TestServer[];
  readonly nats: NatsServer;
  readonly database: TestDatabase;
  add(options?: TestServerOptions): Promise<TestServer>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startCluster(count = 2, options: TestServerOptions = {}): Promise<Cluster> {
  const [database, nats] = [await createDatabase('postgres'), await NatsServer.start()];
  const nodes: TestServer[] = [];
  const add = async (more: TestServerOptions = {}) => {
    const env = { NATS_URL: nats.url, JWT_SECRET: SECRET, AUDIT_KEY: SECRET, ...options.env, ...more.env };
    const node = await startTestServer({ ...options, ...more, database, env });
    nodes.push(node);
    return node;
  };
  while (nodes.length < count) await add();
  return {
    nodes,
    nats,
    database,
    add,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(nodes.map((node) => node.close()));
      await nats.stop();
      await database.remove();
    },
  };
}

/** The same on all nodes. */
const SECRET = Buffer.alloc(32, 7).toString('base64url');
