import { useState } from 'preact/hooks';
import { BYTE_ORDER_MARK, CSV_SEPARATORS, csvLine } from '../../../protocol/csv.ts';
import type { LinkKind, MadeLink, MadeLinks, MailStatus } from '../../../protocol/http/passwords.ts';
import type { Api } from '../../shared/api.ts';
import { Problem } from '../../shared/field.tsx';
import { ListTable } from '../../shared/list-table.tsx';
import { number, plural } from '../../shared/messages/numbers.ts';
import { saveFile } from '../../shared/save-file.ts';
import { type Separator, SeparatorField } from '../../shared/separator-field.tsx';
import { dateAndTime } from '../../shared/time-format.ts';
import { useAction } from '../../shared/use-action.ts';
import { useLoaded } from '../../shared/use-loaded.ts';
import { useLeaveGuard } from '../../shared/use-leave-guard.ts';
import { t } from '../messages.ts';
import { Delivery } from './delivery.tsx';

interface InvitationsProps {
  readonly api: Api;
  readonly ids: readonly string[];
  readonly title: string;
  /** Default: invitations. */
  readonly kind?: LinkKind;
}

/** Accounts per request, as many as the server takes. */
const AT_ONCE = 500;
const SHOWN = 50;

/** Invitation or password links for many accounts, shown once, as a file, and by mail where the server sends any. */
export function Invitations({ api, ids, title, kind = 'invitation' }: InvitationsProps) {
  const mail = useLoaded(() => api.get<MailStatus>('/api/mail'), [api]);
  const [made, setMade] = useState<readonly MadeLink[]>([]);
  const [separator, setSeparator] = useState<Separator>('comma');
  const [left, setLeft] = useState(0);
  const [isSaved, setSaved] = useState(false);
  const { busy, error, run } = useAction();
  useLeaveGuard(made.length > 0 && !isSaved, t.imports.leaveLinks);
  const make = (send: boolean) =>
    run(async () => {
      setMade([]);
      setSaved(false);
      setLeft(0);
      const links: MadeLink[] = [];
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        const userIds = ids.slice(from, from + AT_ONCE);
        const answer = await api.post<MadeLinks>('/api/users/links', { userIds, kind, send });
        links.push(...answer.items);
        // Those made so far stay if a later request fails.
        setMade([...links]);
        setLeft((before) => before + answer.left.length);
      }
    });
  const save = () => {
    const rows = made.map((link) => [link.name, link.email, addressOf(link), dateAndTime(link.expiresAt)]);
    const header = [t.students.name, t.person.email, t.person.link, t.imports.validUntil];
    const lines = [header, ...rows].map((cells) => csvLine(cells, CSV_SEPARATORS[separator]));
    saveFile(
      kind === 'invitation' ? 'invitations.csv' : 'password-links.csv',
      new Blob([BYTE_ORDER_MARK, ...lines], { type: 'text/csv' }),
    );
    setSaved(true);
  };
  const sends = mail.value?.enabled === true;
  return (
    <section class="card stack" aria-labelledby="invitations">
      <h2 id="invitations">{title}</h2>
      <p class="small muted">{kind === 'invitation' ? t.imports.inviteHint : t.bulk.resetHint}</p>
      <div class="row">
        <button class={made.length === 0 ? 'primary' : ''} disabled={busy} onClick={() => void make(false)}>
          {kind === 'invitation' ? t.imports.makeLinks : t.bulk.makeResetLinks}
        </button>
        <button disabled={busy || !sends} onClick={() => void make(true)}>
          {t.imports.mailLinks}
        </button>
      </div>
      {mail.value && !sends && <p class="small muted">{t.imports.mailOff}</p>}
      <p role="status" class="small">
        {busy && t.imports.making(number(made.length), number(ids.length))}
        {!busy && made.length > 0 && plural(made.length, t.imports.made)}
      </p>
      <Problem>{error ?? mail.error}</Problem>
      {left > 0 && <p class="note warn">{plural(left, t.imports.leftOut)}</p>}
      {made.length > 0 && (
        <>
          <div class="note good stack tight">
            <p>{t.imports.linksOnce(dateAndTime(made[0]!.expiresAt))}</p>
            <div class="row downloads">
              <button class="small" onClick={save}>
                {t.imports.saveLinks}
              </button>
              <SeparatorField value={separator} onChange={setSeparator} />
            </div>
          </div>
          {made.some(({ mail: state }) => state !== 'off') && (
            <Delivery api={api} kind={kind} ids={made.map(({ userId }) => userId)} />
          )}
          <ListTable labelledBy="invitations" columns={[t.students.name, t.person.link]}>
            <tbody>
              {made.slice(0, SHOWN).map((link) => (
                <tr key={link.userId}>
                  <th scope="row">
                    {link.name} <span class="small muted">{link.email}</span>
                  </th>
                  <td>
                    <input
                      class="link-shown"
                      readOnly
                      aria-label={t.imports.linkOf(link.name)}
                      value={addressOf(link)}
                      onFocus={({ currentTarget }) => currentTarget.select()}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </ListTable>
          {made.length > SHOWN && <p class="small muted">{t.imports.restInFile(number(made.length - SHOWN))}</p>}
        </>
      )}
    </section>
  );
}

const addressOf = ({ path }: MadeLink) => location.origin + path;
