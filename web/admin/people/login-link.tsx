import { useState } from 'preact/hooks';
import type { User } from '../../../protocol/http/accounts.ts';
import type { MadeLinks, MailStatus } from '../../../protocol/http/passwords.ts';
import type { Api } from '../../shared/api.ts';
import { Field, Problem } from '../../shared/field.tsx';
import { common } from '../../shared/messages/common.ts';
import { dateAndTime } from '../../shared/time-format.ts';
import { useAction } from '../../shared/use-action.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { t } from '../messages.ts';

interface LoginLinkProps {
  readonly api: Api;
  readonly person: User;
}

/** Makes a link that sets the password, shown once. */
export function LoginLink({ api, person }: LoginLinkProps) {
  const mail = useLoaded(() => api.get<MailStatus>('/api/mail'), [api]);
  const sends = mail.value?.enabled === true;
  const [link, setLink] = useState<MadeLinks['items'][number]>();
  const [copied, setCopied] = useState(false);
  const { busy, error, run } = useAction();
  const kind = person.passwordSet ? 'reset' : 'invitation';
  const make = (send: boolean) =>
    run(async () => {
      setCopied(false);
      const { items } = await api.post<MadeLinks>('/api/users/links', { userIds: [person.id], kind, send });
      setLink(items[0]);
    });
  const address = link && location.origin + link.path;
  return (
    <section class="card stack form" aria-labelledby="link">
      <h2 id="link">{t.person.links[kind]}</h2>
      <p class="small muted">{t.person.linkEffects[kind]}</p>
      <div class="row">
        <button disabled={busy || person.disabledAt !== null} onClick={() => void make(false)}>
          {t.person.makeLink}
        </button>
        <button disabled={busy || !sends || person.disabledAt !== null} onClick={() => void make(true)}>
          {t.person.mailLink}
        </button>
      </div>
      {mail.value && !sends && <p class="small muted">{t.imports.mailOff}</p>}
      <Problem>{error ?? mail.error}</Problem>
      {link && address && (
        <div class="note good stack tight" role="status">
          <p>{t.person.linkOnce(dateAndTime(link.expiresAt))}</p>
          <Field
            label={t.person.link}
            readOnly
            value={address}
            onFocus={({ currentTarget }) => currentTarget.select()}
          />
          <p class="row">
            <button
              class="small"
              onClick={() =>
                void navigator.clipboard.writeText(address).then(
                  () => setCopied(true),
                  () => {},
                )
              }
            >
              {copied ? common.copied : common.copy}
            </button>
            <span class="small">{t.person.mailStates[link.mail]}</span>
          </p>
        </div>
      )}
    </section>
  );
}
