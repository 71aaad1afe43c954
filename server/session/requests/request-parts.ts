import type { EventRow } from '../../../db/events.ts';
import type { RequestState } from '../../../db/schema/request-state.ts';
import type { ExamDown } from '../../../protocol/down.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { RequestKind } from '../../../protocol/request-kinds.ts';
import type { Clock } from '../../clock.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';
import type { Random } from './chance.ts';

/** The session as its requests to the student see it. */
export interface RequestParts {
  readonly recorder: SessionRecorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly send: (message: ExamDown) => void;
  /** Rate of frames that a request needs has changed. */
  readonly retune: () => void;
  /** The exam client: whether it is there, and what it told of itself. */
  readonly client: () => {
    readonly connected: boolean;
    readonly shows: ReadonlySet<RequestKind>;
    /** Undefined: not told. */
    readonly visible: boolean | undefined;
  };
  /** There is a client, and neither a pause nor a full write queue. */
  readonly isObserved: () => boolean;
  /** There are models. */
  readonly isAnalysed: () => boolean;
}

export const pendingRequest = (what: string) => new ProtocolError('request_pending', `${what} is pending`);

/** Details of an event of a request, as they were stored. */
export const detailsOf = ({ details }: EventRow) => details as Readonly<Record<string, unknown>>;

export const NOTHING_ASKED: RequestState = { nextChallengeAt: null, startPicture: null };
