import { expect, test } from 'vitest';
import { packRecord } from './fixtures/pack.ts';
import { isAnimalOrCartoon } from './subject.ts';

test.each([
  ['caltech101/101_ObjectCategories/wild_cat/image_0001.jpg', 'caltech_objects', true],
  ['caltech101/101_ObjectCategories/snoopy/image_0001.jpg', 'caltech_objects', true],
  ['raccoon/images/raccoon-31.jpg', 'raccoon', true],
  ['caltech101/101_ObjectCategories/accordion/image_0026.jpg', 'caltech_objects', false],
  ['caltech101/101_ObjectCategories/BACKGROUND_Google/image_0383.jpg', 'caltech_background', false],
  ['room.jpg', 'our own rooms', false],
])('%s of %s: %s', (origin, source, expected) => {
  expect(isAnimalOrCartoon(packRecord({ origin, source }))).toBe(expected);
});
