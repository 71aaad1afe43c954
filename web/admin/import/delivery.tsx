import { useEffect, useRef, useState } from 'preact/hooks';
import type { LinkKind, MailStatus, PendingLink } from '../../../protocol/http/passwords.ts';
import type { Api } from '../../shared/api.ts';
import { messageOf } from '../../shared/api-error.ts';
import { Problem } from '../../shared/field.tsx';
import { plural } from '../../shared/messages/numbers.ts';
import { readPages } from '../../shared/read-pages.ts';
import { t } from '../messages.ts';

interface DeliveryProps {
  readonly api: Api;
  readonly kind: LinkKind;
  /** Accounts whose mails are watched. */
  readonly ids: readonly string[];
}

const EVERY_MS = 2000;

/** Mails on their way, until all are sent or have failed. */
export function Delivery({ api, kind, ids }: DeliveryProps) {
  const [queued, setQueued] = useState<number>();
  const [failed, setFailed] = useState<readonly PendingLink[]>();
  const [problem, setProblem] = useState<string>();
  const wanted = useRef(ids);
  wanted.current = ids;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const look = async () => {
      try {
        const status = await api.get<MailStatus>('/api/mail');
        if (isOver) return;
        setQueued(status.queued);
        if (status.queued === 0) {
          const of = new Set(wanted.current);
          const all = await readPages<PendingLink>(api, `/api/users/links?kind=${kind}&mail=failed`);
          if (!isOver) setFailed(all.filter(({ userId }) => of.has(userId)));
        }
        setProblem(undefined);
        if (status.queued === 0) return;
      } catch (error) {
        if (!isOver) setProblem(messageOf(error));
      }
      if (!isOver) timer = setTimeout(() => void look(), EVERY_MS);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [api, kind, ids.length]);
  return (
    <div class="stack tight">
      <p role="status">
        {failed === undefined
          ? queued !== undefined && plural(queued, t.imports.mailsQueued)
          : failed.length === 0
            ? t.imports.mailsSent
            : plural(failed.length, t.imports.mailsFailed)}
      </p>
      <Problem>{problem}</Problem>
      {failed && failed.length > 0 && (
        <ul>
          {failed.map(({ userId, name, email, mailError }) => (
            <li key={userId}>{t.imports.mailFault(name, email, mailError ?? '')}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
