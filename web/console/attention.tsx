import { type Attention, type AttentionLevel, CALM } from '../../protocol/attention.ts';
import { attentionNumber } from '../shared/attention-number.ts';
import { eventTitle } from '../shared/event-name.ts';
import { type Grade, GradeBadge } from '../shared/grade-badge.tsx';
import { eventText } from '../shared/messages/events.ts';
import { percent } from '../shared/messages/numbers.ts';
import { t } from './messages.ts';

export const GRADE_OF: Record<AttentionLevel, Grade> = { calm: 'low', watch: 'medium', high: 'high' };

/** An older server sends none. */
export const attentionOf = ({ attention }: { readonly attention?: Attention | undefined }): Attention =>
  attention ?? CALM;

/** Types without points of their own share one part. */
const partTitle = (type: string) => (type === 'OTHER' ? t.wall.otherEvents : eventTitle({ type }));

const reasons = ({ because }: Attention) =>
  because.map(({ type, share }) => `${partTitle(type)} ${percent(share)}`).join(', ');

interface Shown {
  readonly attention?: Attention | undefined;
  readonly connected: boolean;
  readonly lastFrameAt: string | null;
}

/**
 * Pure: whether nothing came from the exam page so far, so that there is nothing to judge. A connection without images
 * and one that was lost draw attention.
 */
export const isUnseen = (session: Shown): boolean =>
  !session.connected && session.lastFrameAt === null && attentionOf(session).value === 0;

/** Attention of a session; of one that nothing was seen of, that. */
export function SessionAttention({ session }: { readonly session: Shown }) {
  if (!isUnseen(session)) return <AttentionBadge of={attentionOf(session)} />;
  return (
    <span class="badge" title={t.wall.unseenHint}>
      {t.wall.unseen}
    </span>
  );
}

/** Attention of a session with its value; its reasons are the tooltip. */
export function AttentionBadge({ of, bare = false }: { readonly of: Attention; readonly bare?: boolean }) {
  const level = eventText.attention[of.level];
  return (
    <GradeBadge
      grade={GRADE_OF[of.level]}
      text={bare ? level : t.wall.attentionAt(level, attentionNumber(of.value))}
      title={reasons(of) || undefined}
    />
  );
}

/** Why a session stands where it does: the three largest parts. */
export function AttentionReasons({ of }: { readonly of: Attention }) {
  if (of.because.length === 0) return null;
  return <p class="small muted attention-reasons">{t.session.because(reasons(of))}</p>;
}
