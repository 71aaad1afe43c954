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

const CLIENT = fileURLToPath(new URL('../../docs/examples/client.py', import.meta.url));

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const found = hasPython();

test.skipIf(!found)(
  `docs/examples/client.py joins, sends a frame and a signal, and receives analysis, event, risk and ack${found ? '' : ' (skipped: no python3)'}`,
  async () => {
    await using server = await startTestServer({ vision: true });
    const student = { email: 'ada@example.org', password: "Ada's password", name: 'Ada', role: 'student' };
    await server.admin.post('/api/users', student);
    const exam = await server.admin.createExam();
    const picture = join(await temporaryFolder('python-client'), 'picture.jpg');
    writeFileSync(picture, clips(createScene(3)).attentive[0]!);

    const args = [CLIENT, server.url, student.email, student.password, exam.id, picture];
    const { stdout } = await promisify(execFile)('python3', args);
    const lines = stdout.trim().split('\n');
    expect(JSON.parse(lines.pop()!)).toEqual({ type: 'close', code: 4410 });
    const messages = lines.map((line) => ExamDown.parse(JSON.parse(line)));
    expect(messages.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['welcome', 'analysis', 'event', 'risk', 'ack', 'ended']),
    );
    const { sessionId } = messages.find((message) => message.type === 'welcome')!;
    const events = await server.admin.events(sessionId);
    expect(events.map(({ type, source }) => [type, source])).toContainEqual(['TAB_SWITCH', 'client']);
  },
);
