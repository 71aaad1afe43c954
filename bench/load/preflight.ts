import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { ExamDown } from '../../protocol/down.ts';
import type { Ticket } from '../../protocol/http/sessions.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import { socketUrl } from '../../web/sdk/socket.ts';
import { ApiError } from '../../simulator/api-error.ts';
import { Api } from '../../simulator/api.ts';

const GREETING_MS = 10_000;

/** What `/health` says. @throws Error that says in words why there is nothing to test */
export async function askServer(url: string): Promise<Record<string, unknown>> {
  const health = await new Api(url).health().catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 0) throw new Error(`nothing answers at ${url}: ${error.message}`, { cause: error });
    throw new Error(`what answers at ${url} is no Invigil server: ${error.message}`, { cause: error });
  });
  if (typeof health !== 'object' || health === null || !('vision' in health))
    throw new Error(`what answers at ${url} is no Invigil server: GET /health says nothing that is known here`);
  return health;
}

/** @throws Error when these are not an admin's rights */
export async function checkAdmin(admin: Api): Promise<void> {
  const { role, email } = await admin.me().catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    throw new Error(
      `the server does not take this token: ${error.message}. A token lasts 15 minutes; --admin and --password-file renew themselves`,
      { cause: error },
    );
  });
  if (role !== 'admin')
    throw new Error(`${email} is a ${role}: an exam is made and accounts are disabled for this, which takes an admin`);
}

const otherWire = (url: string, what: string): Error =>
  new Error(
    `the server at ${url} speaks another version of the wire protocol than ${PROTOCOL}: ${what}. Use the load test of its own version`,
  );

/**
 * Greets the server with a good ticket, as an exam client of this version does. @throws Error when it is not greeted
 * back
 */
export function checkWire(url: string, { ticket, url: path }: Ticket): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketUrl(url, path), [PROTOCOL, `${TICKET_PREFIX}${ticket}`], {
      handshakeTimeout: GREETING_MS,
      perMessageDeflate: false,
    });
    const timer = setTimeout(
      () => end(new Error(`the server at ${url} takes a socket and does not greet it within ${GREETING_MS / 1000} s`)),
      GREETING_MS,
    );
    const end = (error?: Error): void => {
      clearTimeout(timer);
      socket.terminate();
      if (error) reject(error);
      else resolve();
    };
    socket.on('unexpected-response', (_request: unknown, response: IncomingMessage) => {
      void bodyOf(response).then((body) => {
        const said = `${response.statusCode} ${body.code ?? ''} ${body.detail ?? ''}`.trim();
        // The ticket is fresh: what is wrong with it can only be what it is offered beside.
        if (body.code === 'bad_ticket') return end(otherWire(url, said));
        end(
          new Error(
            `the server at ${url} answers requests, but lets no socket in: ${said}. Does what stands before it pass WebSocket upgrades on?`,
          ),
        );
      });
    });
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello' })));
    socket.on('message', (data, isBinary) => {
      const message = isBinary ? undefined : downOf((data as Buffer).toString());
      if (message?.type === 'error')
        return end(new Error(`the server at ${url} does not greet: ${message.code}: ${message.message}`));
      end(message?.type === 'welcome' ? undefined : otherWire(url, 'its greeting is not understood'));
    });
    socket.on('close', (code) => end(otherWire(url, `it closes the socket with ${code}`)));
    // By `ws` itself, of a server that answers with a subprotocol that was not offered, or with none.
    socket.on('error', (error) =>
      end(
        /subprotocol/.test(error.message)
          ? otherWire(url, error.message)
          : new Error(`no socket to ${url}: ${error.message}`),
      ),
    );
  });
}

function downOf(text: string): ExamDown | undefined {
  try {
    return ExamDown.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function bodyOf(response: IncomingMessage): Promise<{ readonly code?: string; readonly detail?: string }> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as { code?: string; detail?: string };
  } catch {
    return {};
  }
}
