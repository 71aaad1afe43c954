import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { User } from '../../protocol/http/accounts.ts';
import type { MadeLinks, MailStatus, PendingLink } from '../../protocol/http/passwords.ts';
import { bodyOf, MailServer } from '../support/mail-server.ts';
import { ManualTime } from '../support/manual-time.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

describe('links by mail', () => {
  let mail: MailServer;
  let url: string;
  let site: TestServer;
  let time: ManualTime;
  beforeEach(async () => {
    mail = new MailServer();
    url = await mail.listen();
    time = new ManualTime();
  });
  afterEach(async () => {
    await site?.close();
    await mail.close();
  });

  const start = async (smtpUrl = url) => {
    site = await startTestServer({
      env: { SMTP_URL: smtpUrl, SMTP_FROM: 'Exam office <exams@example.org>', PUBLIC_URL: 'https://exam.example.org' },
      overrides: { timers: time.timers },
    });
  };
  const person = (name: string) =>
    site.admin.post<User>('/api/users', { email: `${name.toLowerCase()}@example.org`, name, role: 'student' });
  const invite = (...people: User[]) =>
    site.admin.post<MadeLinks>('/api/users/links', {
      userIds: people.map(({ id }) => id),
      kind: 'invitation',
      send: true,
    });
  const links = async () =>
    (await site.admin.get<{ items: PendingLink[] }>('/api/users/links?limit=200')).items.map(
      ({ email, mail: state, mailError }) => [email, state, mailError],
    );
  const status = () => site.admin.get<MailStatus>('/api/mail');
  const settled = (count: number) =>
    waitFor('mails', async () => {
      const { sent, failed } = await status();
      return sent + failed === count;
    });

  test('a person gets the link that their creator sees, and sets a password with it', async () => {
    await start();
    const ana = await site.admin.post<User>('/api/users', { email: 'ana@example.org', name: 'Ána', role: 'student' });
    const { items } = await invite(ana);
    expect(items).toMatchObject([{ mail: 'queued' }]);
    await settled(1);
    expect(mail.received).toMatchObject([{ from: 'exams@example.org', login: 'exams' }]);
    const link = `https://exam.example.org${items[0]!.path}`;
    const text = bodyOf(mail.received[0]!);
    expect(text).toContain('Hello Ána,');
    expect(text).toContain(link);
    expect(await links()).toEqual([[ana.email, 'sent', null]]);
    expect(await status()).toMatchObject({ enabled: true, queued: 0, sent: 1, failed: 0, lastFailure: null });
    const token = link.split('#reset=')[1];
    await site.api().post('/api/auth/reset', { token, newPassword: 'violet harbour 93' });
    await site.api().login(ana.email, 'violet harbour 93');
  });

  test('a refused recipient is shown with the words of the mail server, and the others get theirs', async () => {
    await start();
    const people = [await person('Ana'), await person('Bo'), await person('Cy')];
    mail.refusals.set('bo@example.org', [550]);
    await invite(...people);
    await settled(3);
    expect(mail.received.map(({ to }) => to).toSorted()).toEqual(['ana@example.org', 'cy@example.org']);
    const failed = await site.admin.get<{ items: PendingLink[] }>('/api/users/links?mail=failed');
    expect(failed.items).toMatchObject([{ email: 'bo@example.org', mailError: expect.stringContaining('550') }]);
    expect(failed.items[0]!.mailError).not.toMatch(/[\r\n]/);
    expect(await status()).toMatchObject({
      sent: 2,
      failed: 1,
      lastFailure: { message: expect.stringContaining('550') },
    });
  });

  test('a recipient that is refused for now (greylisting) is tried again', async () => {
    await start();
    mail.refusals.set('ana@example.org', [451, 451]);
    const ana = await person('Ana');
    await invite(ana);
    for (const tries of [1, 2]) {
      await waitFor('a try', () => mail.tried.length === tries);
      expect(await status()).toMatchObject({ queued: 1, sent: 0, failed: 0 });
      // The pause begins when the refusal is read.
      await waitFor('another try', () => {
        time.advance(5000);
        return mail.tried.length > tries;
      });
    }
    await settled(1);
    expect(await links()).toEqual([['ana@example.org', 'sent', null]]);
  });

  test('a mail server that is down delays no request', async () => {
    await mail.close();
    await start();
    const ana = await person('Ana');
    const { items } = await invite(ana);
    expect(items).toMatchObject([{ mail: 'queued' }]);
    await waitFor('the first try', async () => (await status()).lastFailure !== null);
    expect(await links()).toEqual([[ana.email, 'queued', null]]);
    const reset = await site.admin.post<{ mail: string }>(`/api/users/${ana.id}/reset`, { send: true });
    expect(reset).toMatchObject({ mail: 'queued' });
  });
});
