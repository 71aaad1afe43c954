import { z } from 'zod';
import { messageDocument } from '../../../protocol/reference/document.ts';
import { openRoute, Reply, type Route } from '../pipeline/route.ts';

/** Route of the JSON Schema of all socket messages, for clients in other languages. */
export function socketMessages(): Route {
  let document: Buffer | undefined;
  return openRoute({
    line: 'own',
    method: 'GET',
    path: '/protocol.json',
    tag: 'Service',
    summary: 'JSON Schema of the socket messages',
    description: 'For validation, or to generate types of a client in another language.',
    answer: z.record(z.string(), z.unknown()),
    handle: () => Promise.resolve(new Reply(200, (document ??= Buffer.from(JSON.stringify(messageDocument()))))),
  });
}
