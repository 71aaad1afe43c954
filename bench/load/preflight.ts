import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { ExamDown } from '../../protocol/down.ts';
import type { Ticket } from '../../protocol/http/sessions.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import { socketUrl } from '../../web/sdk/socket.ts';
import { ApiError } from '../../simulator/api-error.ts';
import { Api } from '../../simulator/api.ts';

const GREETING_MS = 10_000;

/** Reads `/health`. @throws Error with the reason if there is nothing to test */
export async function askServer(url: string): Promise<Record<string, unknown>> {
  const health = await new Api(url).health().catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 0) throw new Error(`no response from ${url}: ${error.message}`, { cause: error });
    throw new Error(`${url} is not an Invigil server: ${error.message}`, { cause: error });
  });
  if (typeof health !== 'object' || health === null || !('vision' in health))
    throw new Error(`${url} is not an Invigil server: GET /health returns nothing known here`);
  return health;
}

/** @throws Error if the account is not an admin */
export async function checkAdmin(admin: Api): Promise<void> {
  const { role, email } = await admin.me().catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    throw new Error(
      `the server rejects this token: ${error.message}. A token lasts 15 minutes; --admin and --password-file renew it`,
      { cause: error },
    );
  });
  if (role !== 'admin')
    throw new Error(`${email} is a ${role}: creating an exam and disabling accounts requires an admin`);
}

const otherWire = (url: string, what: string): Error =>
  new Error(
    `the server at ${url} speaks another version of the wire protocol than ${PROTOCOL}: ${what}. Use the load test of its own version`,
  );

/** Opens an exam socket with a valid ticket, as an exam client of this version does. @throws Error without a welcome */
export function checkWire(url: string, { ticket, url: path }: Ticket): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketUrl(url, path), [PROTOCOL, `${TICKET_PREFIX}${ticket}`], {
      handshakeTimeout: GREETING_MS,
      perMessageDeflate: false,
    });
    const timer = setTimeout(
      () => end(new Error(`the server at ${url} accepts a socket but sends no welcome within ${GREETING_MS / 1000} s`)),
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
        // The ticket is fresh, so only the accompanying subprotocol can be wrong.
        if (body.code === 'bad_ticket') return end(otherWire(url, said));
        end(
          new Error(
            `the server at ${url} answers requests but refuses sockets: ${said}. Does the proxy in front of it pass WebSocket upgrades?`,
          ),
        );
      });
    });
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello' })));
    socket.on('message', (data, isBinary) => {
      const message = isBinary ? undefined : downOf((data as Buffer).toString());
      if (message?.type === 'error')
        return end(new Error(`the server at ${url} sends no welcome: ${message.code}: ${message.message}`));
      end(message?.type === 'welcome' ? undefined : otherWire(url, 'its welcome has an unknown form'));
    });
    socket.on('close', (code) => end(otherWire(url, `it closes the socket with ${code}`)));
    // Raised by `ws` itself if the server selects a subprotocol that was not offered, or none.
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
