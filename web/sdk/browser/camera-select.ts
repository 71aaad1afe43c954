import { cameraOf } from './camera-list.ts';
import type { Invigil } from './invigil.ts';

const KEY = 'invigil.camera';

/** Camera that the student chose on this site before; undefined also where site data is blocked. */
export function rememberedCamera(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(deviceId: string): void {
  try {
    localStorage.setItem(KEY, deviceId);
  } catch {
    // Chosen for this page only.
  }
}

/** Fills a page's `<select>` with the cameras, follows its choice and remembers it in this browser. */
export function followSelect(select: HTMLSelectElement, invigil: Invigil): void {
  const fill = async () => {
    const cameras = await invigil.cameras();
    select.replaceChildren(...cameras.map(({ deviceId, label }, i) => new Option(label || `${i + 1}`, deviceId)));
    select.value = cameraOf(invigil.stream) ?? '';
    select.disabled = cameras.length < 2;
  };
  select.addEventListener('change', () => {
    const { value } = select;
    invigil.useCamera(value).then(
      () => remember(value),
      // The select shows the camera that is open.
      () => fill(),
    );
  });
  invigil.on('camera', () => void fill());
  navigator.mediaDevices?.addEventListener('devicechange', () => void fill());
  void fill();
}
