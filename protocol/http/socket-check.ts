import { z } from 'zod';

export const SocketCheckQuery = z.object({
  server: z
    .string()
    .max(2000)
    .optional()
    .describe("URL under which the page knows the server; tells the server's own pages from those of other sites."),
});

/** Whether the server would accept a socket of the asking page, and the setting to change if not. */
export const SocketCheck = z.object({
  allowed: z.boolean(),
  code: z
    .enum(['bad_origin', 'unknown_host', 'websocket_blocked'])
    .nullable()
    .describe('`websocket_blocked`: requests for sockets from this network came without `Upgrade` in the last minute.'),
  setting: z.enum(['PUBLIC_URL', 'ALLOWED_ORIGINS', 'proxy']).nullable(),
  origin: z.string().nullable().describe('Origin that the setting has to contain.'),
  detail: z.string().nullable(),
});
export type SocketCheck = z.infer<typeof SocketCheck>;
