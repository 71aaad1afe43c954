import { EventEmitter } from 'node:events';

/** Notifies socket holders that a login has ended or that a user has lost the rights a socket was opened with. */
export class Revocations {
  readonly #events = new EventEmitter<{ login: [id: string]; user: [id: string] }>();

  loginEnded(loginId: string): void {
    this.#events.emit('login', loginId);
  }

  /** Disabled, or given another role. */
  rightsChanged(userId: string): void {
    this.#events.emit('user', userId);
  }

  onLoginEnded(listener: (loginId: string) => void): void {
    this.#events.on('login', listener);
  }

  onRightsChanged(listener: (userId: string) => void): void {
    this.#events.on('user', listener);
  }
}
