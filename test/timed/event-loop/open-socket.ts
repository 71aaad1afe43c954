import WebSocket from 'ws';
import type { Ticket } from '../../../protocol/http/sessions.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../../protocol/version.ts';
import { freshAddress } from './raw-request.ts';

/** A socket past its `welcome`, from its own address. */
export async function openSocket(url: string, ticket: Ticket, greeting?: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws') + ticket.url, [PROTOCOL, TICKET_PREFIX + ticket.ticket], {
    headers: { 'x-forwarded-for': freshAddress() },
  });
  socket.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    socket.once('close', () => reject(new Error('the socket was closed at once')));
    socket.once('unexpected-response', (_request, response) =>
      reject(new Error(`the socket was refused: ${response.statusCode}`)),
    );
    socket.once('open', () => {
      if (greeting === undefined) return resolve();
      socket.send(greeting);
      socket.once('message', () => resolve());
    });
  });
  return socket;
}

/** Sends all messages at once; resolves when the server has read them or closed the socket. */
export async function sendAll(socket: WebSocket, messages: readonly (string | Uint8Array)[]): Promise<void> {
  const read = new Promise<void>((resolve) => {
    socket.once('pong', () => resolve());
    socket.once('close', () => resolve());
  });
  for (const message of messages) if (socket.readyState === WebSocket.OPEN) socket.send(message);
  if (socket.readyState === WebSocket.OPEN) socket.ping();
  if (socket.readyState !== WebSocket.CLOSED) await read;
}

export async function endSocket(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.terminate();
  await closed;
}
