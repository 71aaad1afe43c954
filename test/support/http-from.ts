import { Agent, request } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: Record<string, unknown>;
  readonly headers: NodeJS.Dict<string | string[]>;
}

/**
 * Sends a JSON POST on its own connection, from any address of this machine and with any headers, which `fetch` cannot
 * do.
 */
export function postFrom(
  localAddress: string,
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const agent = new Agent();
    const sent = request(
      url,
      { method: 'POST', localAddress, agent, headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => {
          agent.destroy();
          const parsed = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
          resolve({
            status: answer.statusCode ?? 0,
            code: parsed['code'] as string | undefined,
            body: parsed,
            headers: answer.headers,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}
