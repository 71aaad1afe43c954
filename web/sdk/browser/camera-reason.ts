/**
 * Reason for a missing camera:
 * - `insecure` the page was loaded over plain HTTP, where browsers offer no camera
 * - `policy` forbidden by the embedding page (`<iframe allow="camera">`, `Permissions-Policy`)
 * - `denied` by the user or a browser setting
 * - `system` blocked by the operating system
 * - `missing` no camera found
 * - `in_use` used by another program
 * - `other` any other error
 */
export type CameraFault = 'insecure' | 'policy' | 'denied' | 'system' | 'missing' | 'in_use' | 'other';
