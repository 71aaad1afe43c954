import { EventEmitter } from 'node:events';

/** Tells who holds sockets that a login is over, or that a user has no longer the rights they were opened with. */
export class Revocations {
  readonly #events = new EventEmitter<{ login: [id: string]; user: [id: string] }>();

  loginEnded(loginId: string): void {
    this.#events.emit('login', loginId);
  }

  /** Disabled, or of another role. */
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
