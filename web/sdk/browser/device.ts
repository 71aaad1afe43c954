const KEY = 'invigil-device';
const BYTES = 16;

/**
 * Random id of this browser on this device, kept in `localStorage` of the page's origin; undefined where site data is
 * blocked. It says nothing about the device.
 */
export function thisDevice(): string | undefined {
  try {
    const known = localStorage.getItem(KEY);
    if (known !== null && /^[\w-]{8,64}$/.test(known)) return known;
    // `randomUUID` exists in secure contexts only.
    const id = Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join('');
    localStorage.setItem(KEY, id);
    return id;
  } catch {
    return undefined;
  }
}
