import { Accommodations } from './accommodations.tsx';
import { Address } from './address.tsx';
import { attentionOf, AttentionReasons, SessionAttention } from './attention.tsx';
import type { SessionView } from '../../protocol/down.ts';
import type { Level } from '../../protocol/event-types.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { ReviewedLevel } from '../shared/reviewed-level.tsx';
import { t } from './messages.ts';
import { hrefOf } from './route.ts';
import { shownName } from './shown-name.ts';
import { StudentPlace } from './student-place.tsx';
import type { AttemptView } from './use-session.ts';
import type { Prefs } from './prefs.ts';

interface SessionHeadProps {
  readonly session: SessionView;
  readonly examTitle: string | undefined;
  readonly attempt: AttemptView | undefined;
  readonly names: Prefs['names'];
  readonly page: 'session' | 'review' | 'report';
}

/** Name and risk of a session, with links to its pages. */
export function SessionHead({ session, examTitle, attempt, names, page }: SessionHeadProps) {
  const link = (to: SessionHeadProps['page']) => (
    <a href={hrefOf({ page: to, session: session.id })} aria-current={to === page ? 'page' : undefined}>
      {t.session.pages[to]}
    </a>
  );
  return (
    <div class="stack tight">
      <nav class="row small crumbs" aria-label={t.session.nav}>
        <a href={hrefOf({ page: 'wall', exam: session.examId })}>{examTitle ?? t.session.wall}</a>
        <span aria-hidden="true">›</span>
        {link('session')}
        {link('review')}
        {link('report')}
      </nav>
      <div class="row">
        <PageTitle>{shownName(session, names)}</PageTitle>
        <SessionAttention session={session} />
        <ReviewedLevel first={session.level} reviewed={reviewedLevel(session.level, attempt)} />
      </div>
      <AttentionReasons of={attentionOf(session)} />
      <Address session={session} names={names} />
      <StudentPlace session={session} student={attempt?.student} names={names} />
      {page !== 'report' && <Accommodations given={session.accommodations} />}
    </div>
  );
}

/** Pure: the level after review. While no review has changed the score it is that of the socket, which is ahead. */
function reviewedLevel(live: Level, attempt: AttemptView | undefined): Level {
  if (!attempt || attempt.session.reviewedScore === attempt.session.riskScore) return live;
  return attempt.session.reviewedLevel;
}
