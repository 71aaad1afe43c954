import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Tokens } from '../../protocol/http/accounts.ts';
import type { Session, Ticket } from '../../protocol/http/sessions.ts';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { startTestServer } from '../support/server.ts';
import { Transcript } from '../support/transcript.ts';

const FILE = new URL('../../docs/protocol-transcript.md', import.meta.url);

const INTRO = `# Transcript of a session

<!-- Made by \`npm run docs:transcript\` from a real server. Do not edit. -->

Recorded from a real server. \`>\` is sent by the client, \`<\` by the server; tokens, ids and times are replaced, and HTTP headers that carry nothing are left out. Rules are in [protocol.md](protocol.md), messages in [protocol-messages.md](protocol-messages.md).

`;

async function record(url: string, examId: string, proctorToken: string): Promise<string> {
  const transcript = new Transcript(url);
  transcript.write(INTRO);
  transcript.write('## Log in, start the session, get a ticket\n\n');
  const student = { email: 'ada@example.org', password: "Ada's password" };
  const { accessToken } = await transcript.post<Tokens>('/api/auth/login', student);
  const session = await transcript.post<Session>('/api/sessions', { examId }, accessToken);
  const ticketPath = `/api/sessions/${session.id}/ticket`;
  const getTicket = () => transcript.post<Ticket>(ticketPath, {}, accessToken);
  const ticket = await getTicket();

  transcript.write('## Open the socket\n\nThe ticket is a subprotocol, never part of the URL (rules C2, C3).\n\n');
  const exam = await transcript.open(ticket);
  transcript.write('## Greet, send a frame and a signal\n\n');
  exam.send({ type: 'hello' });
  const { stream } = await exam.receive('welcome');
  exam.sendFrame(1, clips(createScene(3)).attentive[0]!);
  await exam.receive('received', 'analysis');
  exam.send({ type: 'signal', seq: 1, signal: 'TAB_SWITCH', at: new Date().toISOString() });
  await exam.receive('event', 'risk', 'ack');
  exam.send({ type: 'signal', seq: 2, signal: 'NO_FACE', at: new Date().toISOString() });
  await exam.receive('error');
  exam.flush();

  transcript.write('## A proctor sends a message\n\nOn a console socket, opened in the same way:\n\n');
  const staff = await transcript.open(await transcript.post<Ticket>('/api/console/ticket', {}, proctorToken));
  staff.send({ type: 'subscribe', session: session.id });
  await staff.receive('snapshot');
  staff.send({ type: 'command', session: session.id, do: 'message', text: 'Please sit closer to the camera.' });
  await staff.receive('event', 'session', 'risk');
  await exam.receive('notice');
  await staff.close();
  transcript.write('The exam client:\n\n');
  await exam.close();

  transcript.write(
    '## Reconnect, resume, finish\n\nA ticket admits one connection, so the client gets another one.\n\n',
  );
  const again = await transcript.open(await getTicket());
  again.send({ type: 'hello', resume: { stream: String(stream), lastSeq: 1 } });
  await again.receive('welcome', 'event', 'risk');
  again.send({ type: 'signal', seq: 2, signal: 'COPY', at: new Date().toISOString(), data: { length: 42 } });
  await again.receive('ack');
  again.send({ type: 'finish' });
  await again.receive('ended');
  await again.closed();
  return transcript.text();
}

/** Directions, types and fields of all lines; values depend on the machine. */
function skeleton(text: string): string[] {
  const keys = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(keys);
    if (typeof value !== 'object' || value === null) return null;
    const fields = Object.entries(value).map(([key, item]) => [key, key === 'type' ? item : keys(item)]);
    return Object.fromEntries(fields.toSorted(([a], [b]) => String(a).localeCompare(String(b)))) as unknown;
  };
  return text.split('\n').map((line) => {
    const [, way = '', json] = /^([<>] )?(\{.*\})$/.exec(line) ?? [];
    if (json !== undefined) return way + JSON.stringify(keys(JSON.parse(json)));
    return line.replace(/^(> binary: [0-9a-f]{16})[0-9a-f]{16} \+ \d+/, '$1');
  });
}

test('docs/protocol-transcript.md shows the messages of a real session in their order (npm run docs:transcript)', async () => {
  await using server = await startTestServer({ vision: true });
  const student = { email: 'ada@example.org', password: "Ada's password", name: 'Ada', role: 'student' };
  await server.admin.post('/api/users', student);
  // However slow the machine is, no incident comes between.
  const exam = await server.admin.createExam({ holds: { noFrame: 3600 } });
  const proctor = await server.proctor();
  const text = await record(server.url, exam.id, proctor.tokens!.accessToken);
  if (process.env['INVIGIL_WRITE_TRANSCRIPT'] !== undefined) writeFileSync(FILE, text);
  expect(skeleton(readFileSync(FILE, 'utf8'))).toEqual(skeleton(text));
});
