import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ExamDown } from '../../protocol/down.ts';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { startTestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const doc = (path: string) => fileURLToPath(new URL(`../../docs/${path}`, import.meta.url));

/** Whether this Python has these modules. */
function has(python: string, modules: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${modules}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const CLIENTS = [
  { client: 'examples/client.py', python: 'python3', modules: 'ssl', ends: { type: 'close', code: 4410 } },
  { client: 'clients/python/client.py', python: '/usr/bin/python3', modules: 'websockets, jsonschema' },
].map((each) => ({ ends: undefined, ...each, found: has(each.python, each.modules) }));

test.for(CLIENTS)(
  'the client $client joins, sends a frame and a signal, and receives analysis, event, risk and ack',
  async ({ client, python, found, modules, ends }, { skip }) => {
    skip(!found, `no ${python} with ${modules}`);
    await using server = await startTestServer({ vision: true });
    const student = { email: 'ada@example.org', password: "Ada's password", name: 'Ada', role: 'student' };
    await server.admin.post('/api/users', student);
    const exam = await server.admin.createExam();
    const picture = join(await temporaryFolder('python-client'), 'picture.jpg');
    writeFileSync(picture, clips(createScene(3)).attentive[0]!);

    const args = [doc(client), server.url, student.email, student.password, exam.id, picture];
    const { stdout } = await promisify(execFile)(python, args);
    const lines = stdout.trim().split('\n');
    if (ends) expect(JSON.parse(lines.pop()!)).toEqual(ends);
    const messages = lines.map((line) => ExamDown.parse(JSON.parse(line)));
    expect(messages.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['welcome', 'analysis', 'event', 'risk', 'ack', 'ended']),
    );
    const { sessionId } = messages.find((message) => message.type === 'welcome')!;
    const events = await server.admin.events(sessionId);
    expect(events.map(({ type, source }) => [type, source])).toContainEqual(['TAB_SWITCH', 'client']);
  },
);
