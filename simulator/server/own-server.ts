import { randomBytes } from 'node:crypto';
import { ServerProcess, type ServerOptions } from './server-process.ts';
import { ApiError } from '../api-error.ts';
import { Api } from '../api.ts';

export interface Account {
  readonly email: string;
  readonly password: string;
}

export interface OwnServer {
  readonly server: ServerProcess;
  readonly account: Account;
  /** Logged in as that account. */
  readonly admin: Api;
}

export const newPassword = (): string => randomBytes(12).toString('base64url');

/** There are no default accounts: one is created for this run, unless the environment names an admin. */
function adminAccount(env: NodeJS.ProcessEnv): Account {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = env;
  return email && password ? { email, password } : { email: 'admin@example.org', password: newPassword() };
}

/** Starts a server with a known admin. @throws Error if its database already has another admin */
export async function startOwnServer(options: ServerOptions): Promise<OwnServer> {
  const account = adminAccount(process.env);
  const env = {
    ...options.env,
    ADMIN_EMAIL: account.email,
    ADMIN_PASSWORD: account.password,
    ADMIN_PASSWORD_FILE: undefined,
  };
  const server = await ServerProcess.start({ ...options, env });
  const admin = new Api(server.url);
  try {
    await admin.login(account.email, account.password);
  } catch (error) {
    await server.stop();
    if (!(error instanceof ApiError) || error.code !== 'bad_credentials') throw error;
    throw new Error(
      'the database already has an admin: set ADMIN_EMAIL and ADMIN_PASSWORD to that account, or use an empty database',
      { cause: error },
    );
  }
  return { server, account, admin };
}
