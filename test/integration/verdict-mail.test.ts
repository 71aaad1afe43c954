import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MailStatus } from '../../protocol/http/passwords.ts';
import type { Api } from '../support/api.ts';
import { bodyOf, MailServer } from '../support/mail-server.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { newPerson, type Sitting } from '../support/staffed-site.ts';
import { appeal, decide, giveTo, judge, release, sitAndEnd, withdraw } from '../support/verdict-site.ts';

const TITLE = 'Contract law';
const REASON = 'The image shows a phone';

describe('mail about a verdict', () => {
  let mail: MailServer;
  let site: TestServer;
  let reviewer: Api;
  let second: Api;
  let officer: Api;
  let sitting: Sitting;
  beforeAll(async () => {
    mail = new MailServer();
    const env = {
      SMTP_URL: await mail.listen(),
      SMTP_FROM: 'Exam office <exams@example.org>',
      PUBLIC_URL: 'https://exam.example.org',
    };
    site = await startTestServer({ env });
    [reviewer, second, officer] = [
      await newPerson(site, 'reviewer'),
      await newPerson(site, 'reviewer'),
      await newPerson(site, 'reviewer'),
    ];
  });
  afterAll(async () => {
    await site?.close();
    await mail?.close();
  });
  beforeEach(async () => {
    const policy = { release: { answerDays: 14, appealDays: 7 } };
    const exam = await site.admin.createExam(policy, { title: TITLE, staffAccess: 'all' });
    sitting = await sitAndEnd(site, exam, await newPerson(site, 'student'));
    mail.received.length = 0;
  });

  const settled = () =>
    waitFor('mails', async () => {
      const { queued } = await site.admin.get<MailStatus>('/api/mail');
      return queued === 0;
    });
  const received = async () => {
    await settled();
    return mail.received.map((one) => ({
      to: one.to,
      subject: /^Subject: (.*)$/m.exec(one.text)?.[1]?.trim(),
      text: bodyOf(one),
    }));
  };
  const address = ({ student }: Sitting) => student.tokens!.user.email;

  test('tells the student of a release, with the deadlines and the page, and says nothing of the verdict', async () => {
    const { session } = sitting;
    const given = await judge(reviewer, session.id, 'violation', REASON);
    expect(await received(), 'before the release').toEqual([]);
    await release(second, session.id, given);
    const [only, ...others] = await received();
    expect(others).toEqual([]);
    expect(only).toMatchObject({ to: address(sitting), subject: 'Result of the review of your exam' });
    const { text } = only!;
    expect(text).toContain(`Hello ${sitting.student.tokens!.user.name},`);
    expect(text).toContain(TITLE);
    expect(text).toContain(`https://exam.example.org/exam#/record/${session.id}`);
    expect(text).toMatch(/You may answer it until .* UTC\./);
    expect(text).toMatch(/You may appeal until .* UTC\./);
    expect(text).not.toMatch(/violation|phone/i);
    for (const { tokens } of [reviewer, second]) expect(text).not.toContain(tokens!.user.name);
  });

  test('tells the student of the outcome of an appeal; refused steps and other acts send none', async () => {
    const { session, student } = sitting;
    const given = await judge(reviewer, session.id, 'violation', REASON);
    await release(second, session.id, given);
    await expect(release(second, session.id, given)).rejects.toMatchObject({ code: 'already_released' });
    await appeal(student, session.id);
    await giveTo(site.admin, session.id, officer);
    expect(await received()).toHaveLength(1);
    await decide(officer, session.id, { outcome: 'changed', verdict: 'no_concern', reason: 'A calculator' });
    const [, outcome, ...others] = await received();
    expect(others).toEqual([]);
    expect(outcome).toMatchObject({ to: address(sitting), subject: 'Outcome of your appeal' });
    expect(outcome!.text).toContain(`https://exam.example.org/exam#/record/${session.id}`);
    expect(outcome!.text).not.toMatch(/concern|calculator|until/i);
  });

  test('is not sent to who withdraws an appeal', async () => {
    const { session, student } = sitting;
    await release(second, session.id, await judge(reviewer, session.id, 'violation', REASON));
    await appeal(student, session.id);
    await withdraw(student, session.id);
    expect(await received()).toHaveLength(1);
  });

  test('does not delay a release, nor fail it, if the mailbox is refused', async () => {
    mail.refusals.set(address(sitting), [550]);
    await release(second, sitting.session.id, await judge(reviewer, sitting.session.id, 'concern', REASON));
    expect(await received()).toEqual([]);
    expect(mail.tried).toContain(address(sitting));
  });
});
