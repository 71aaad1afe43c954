import type { ClientState } from '../../protocol/down.ts';
import { duration } from '../shared/time-format.ts';
import { t } from './messages.ts';

/** Last state that the exam page reported, in one line. @param now ms since 1970 */
export function ClientLine({ client, now }: { readonly client: ClientState | null | undefined; readonly now: number }) {
  return client ? <p class="small muted client-line">{clientText(client, now)}</p> : null;
}

/** Pure. */
export function clientText(client: ClientState, now: number): string {
  const { visible, focused, explained, fullscreen, screens, camera, waiting, at } = client;
  const words = t.session.client;
  const age = Math.max(0, now - Date.parse(at));
  const place =
    visible === null ? words.unwatched : !visible ? words.hidden : focused === false ? words.unfocused : words.visible;
  const size = camera?.width && camera.height ? `${camera.width} × ${camera.height}` : undefined;
  return [
    words.since(duration(Math.floor(age / 1000) * 1000)),
    explained === undefined ? place : words.explained(place, explained.replaceAll('_', ' ')),
    fullscreen ? words.fullscreen : words.window,
    words.screens(screens),
    camera ? words.camera(camera.label, size, camera.fps) : words.noCamera,
    ...(waiting > 0 ? [words.waiting(waiting)] : []),
  ].join(' · ');
}
