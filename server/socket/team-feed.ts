import type { Team } from '../../protocol/team.ts';
import type { TeamDesk } from '../session/team/team-desk.ts';
import { bytesOf, teamBytes } from './encoded-update.ts';

export interface TeamFeedParts {
  readonly desk: Pick<TeamDesk, 'find' | 'look' | 'onChange'>;
  readonly userId: string;
  /** Whether the console shows the session and its person may see it. */
  readonly shows: (session: string) => boolean;
  readonly send: (session: string, bytes: Uint8Array) => void;
}

/** Staff at work on the sessions of one console (rule P5). */
export class TeamFeed {
  readonly #parts: TeamFeedParts;
  #stop: (() => void) | undefined;
  #leave: (() => void) | undefined;

  constructor(parts: TeamFeedParts) {
    this.#parts = parts;
  }

  /**
   * The backfill is over: changes follow from here on.
   * @param opened session that the console has open by itself
   */
  begin(sessions: Iterable<string>, opened: string | undefined): void {
    const { desk, shows, userId } = this.#parts;
    this.stop();
    this.#stop = desk.onChange((team) => this.#changed(team));
    this.tell([...sessions]);
    if (opened !== undefined && shows(opened)) this.#leave = desk.look(opened, userId);
  }

  /** Sessions that the console is shown from now on. */
  tell(sessions: readonly string[]): void {
    if (!this.#stop) return;
    const { desk, send } = this.#parts;
    const teams = sessions.flatMap((id) => desk.find(id) ?? []);
    if (teams[0]) send(teams[0].session, bytesOf({ type: 'team', sessions: teams }));
  }

  /** The person no longer sees the session that they have open. */
  close(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  stop(): void {
    this.close();
    this.#stop?.();
    this.#stop = undefined;
  }

  #changed(team: Team): void {
    if (this.#parts.shows(team.session)) this.#parts.send(team.session, teamBytes(team));
  }
}
