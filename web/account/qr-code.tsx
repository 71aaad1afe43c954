import { encode } from 'uqr';

/** Quiet zone around the code, in modules (ISO/IEC 18004). */
const QUIET = 4;

/**
 * A QR code, generated in the browser so that its secret is sent nowhere. Dark on white in every colour scheme:
 * scanners need that contrast.
 */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
