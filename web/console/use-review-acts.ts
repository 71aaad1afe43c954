import { useRef, useState } from 'preact/hooks';
import type { z } from 'zod';
import type { Event } from '../../protocol/events.ts';
import { MAX_GROUP } from '../../protocol/review-bounds.ts';
import type { GroupReviewAnswer, Review } from '../../protocol/http/reviews.ts';
import type { Api } from '../shared/api.ts';
import { ApiError } from '../shared/api-error.ts';
import { number } from '../shared/messages/numbers.ts';
import { readPages } from '../shared/read-pages.ts';
import { rememberReason } from './given-reasons.ts';
import { groupName } from './group-name.ts';
import { t } from './messages.ts';
import { type Decision, newestActOf, seenAs } from './review-state.ts';
import { useActQueue } from './use-act-queue.ts';

type Answer = z.infer<typeof GroupReviewAnswer>;

interface ActsOf {
  readonly api: Api;
  readonly session: string;
  readonly user: string;
  /** Adds events from a response. */
  readonly put: (event: Event) => void;
  readonly reload: () => Promise<void>;
  /** Called when the events of an undo are back. */
  readonly onUndone: (events: readonly Event[]) => void;
}

export interface ReviewActs {
  readonly busy: boolean;
  readonly error: string | undefined;
  readonly status: string;
  /** Ids of events whose decision is being sent. */
  readonly pending: ReadonlySet<string>;
  /** Last decision of this page with its reason. */
  readonly last: Decision | undefined;
  decide(events: readonly Event[], decision: Decision): void;
  /** Restores what an event had before its newest decision. The reason is made up: it is suggested for no other one. */
  restore(event: Event, decision: Decision): void;
  /** Takes the newest act of this person in the session back. */
  undo(): void;
  say(status: string): void;
}

/** Decisions and undos of one person in one session, sent one after the other. */
export function useReviewActs({ api, session, user, put, reload, onUndone }: ActsOf): ReviewActs {
  const [status, say] = useState('');
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<Decision>();
  const undone = useRef(onUndone);
  undone.current = onUndone;
  const queue = useActQueue(reload);

  const take = ({ reviews, events, session: { reviewedScore } }: Answer) => {
    for (const event of events) put(event);
    const decisions = new Set(reviews.map(({ decision }) => decision));
    const [only] = decisions;
    const outcome = decisions.size === 1 && only ? t.review.decisions[only] : t.review.undoneSeveral;
    say(t.review.decided(groupName(events), outcome, number(reviewedScore)));
  };

  const decide = (events: readonly Event[], decision: Decision) => {
    if (events.length === 0) return;
    rememberReason(user, decision.decision === 'confirmed' ? 'confirmed' : 'dismissed', decision.reason);
    setLast(decision);
    for (let from = 0; from < events.length; from += MAX_GROUP) send(events.slice(from, from + MAX_GROUP), decision);
  };
  const send = (events: readonly Event[], decision: Decision) => {
    const ids = events.map(({ id }) => id);
    setPending((before) => new Set([...before, ...ids]));
    queue.add(async () => {
      try {
        take(await api.post<Answer>(`/api/sessions/${session}/reviews`, { ...decision, events: seenAs(events) }));
      } catch (error) {
        const name = groupName(events);
        if (error instanceof ApiError && error.code === 'decided_meanwhile')
          throw new Error(t.review.decidedMeanwhile(name), { cause: error });
        throw new Error(t.review.failed(name, error instanceof Error ? error.message : String(error)), {
          cause: error,
        });
      } finally {
        setPending((before) => new Set([...before].filter((id) => !ids.includes(id))));
      }
    });
  };

  const undo = () =>
    queue.add(async () => {
      const act = newestActOf(await readPages<Review>(api, `/api/sessions/${session}/reviews`), user);
      if (act === undefined) return say(t.review.nothingToUndo);
      const answer = await api.post<Answer>(`/api/sessions/${session}/reviews/${act}/undo`);
      take(answer);
      undone.current(answer.events);
    });

  const restore = (event: Event, decision: Decision) => send([event], decision);

  return { busy: queue.busy, error: queue.error, status, pending, last, decide, restore, undo, say };
}
