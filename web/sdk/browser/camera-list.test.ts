import { expect, test } from 'vitest';
import { preferredCamera } from './camera-list.ts';

const cameras = (...labels: string[]) => labels.map((label) => ({ deviceId: `id of ${label}`, label }));

test.each([
  [['Integrated IR Camera', 'Integrated Camera'], 'Integrated Camera'],
  [['Windows Hello Camera', 'USB2.0 HD UVC WebCam'], 'USB2.0 HD UVC WebCam'],
  [['OBS Virtual Camera', 'Dell Dock Camera', 'Logitech C920'], 'Logitech C920'],
  [['camera2 0, facing back', 'camera2 1, facing front'], 'camera2 1, facing front'],
  [['HD Pro Webcam', 'FaceTime HD Camera'], 'FaceTime HD Camera'],
  [['Virtual Camera'], 'Virtual Camera'],
] as const)('of %j it prefers %s', (labels, expected) => {
  expect(preferredCamera(cameras(...labels), undefined)?.label).toBe(expected);
});

test('a remembered camera comes before all, and is forgotten while it is not connected', () => {
  const all = cameras('Integrated Camera', 'OBS Virtual Camera');
  expect(preferredCamera(all, 'id of OBS Virtual Camera')?.label).toBe('OBS Virtual Camera');
  expect(preferredCamera(all, 'id of another')?.label).toBe('Integrated Camera');
  expect(preferredCamera([], 'id of another')).toBeUndefined();
});
