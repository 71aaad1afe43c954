import WebSocket from 'ws';
import { InvigilClient } from '../../web/sdk/client.ts';
import type { Api } from './api.ts';

/** The SDK as used by a Node program. */
export function createClient(api: Api, sessionId: string): InvigilClient {
  return new InvigilClient({
    server: api.url,
    getTicket: () => api.examTicket(sessionId),
    WebSocket,
  });
}
