import { EventEmitter } from 'node:events';

/** Tells who holds sockets that a login or a user is no longer welcome. */
export class Revocations {
  readonly #events = new EventEmitter<{ login: [id: string]; user: [id: string] }>();

  loginEnded(loginId: string): void {
    this.#events.emit('login', loginId);
  }

  userDisabled(userId: string): void {
    this.#events.emit('user', userId);
  }

  onLoginEnded(listener: (loginId: string) => void): void {
    this.#events.on('login', listener);
  }

  onUserDisabled(listener: (userId: string) => void): void {
    this.#events.on('user', listener);
  }
}
