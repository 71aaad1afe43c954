import type { PackRecord } from './pack.ts';

/**
 * Classes of Caltech-101 (F.-F. Li et al., 2004) that show animals or drawn characters: what looks most like a face
 * without being a person's.
 */
const ANIMALS_AND_CARTOONS = new Set([
  'Leopards',
  'ant',
  'bass',
  'beaver',
  'brontosaurus',
  'buddha',
  'butterfly',
  'cougar_body',
  'cougar_face',
  'crab',
  'crayfish',
  'crocodile',
  'crocodile_head',
  'dalmatian',
  'dolphin',
  'dragonfly',
  'elephant',
  'emu',
  'flamingo',
  'flamingo_head',
  'garfield',
  'gerenuk',
  'hawksbill',
  'hedgehog',
  'ibis',
  'kangaroo',
  'llama',
  'lobster',
  'mayfly',
  'nautilus',
  'octopus',
  'okapi',
  'panda',
  'pigeon',
  'platypus',
  'rhino',
  'rooster',
  'scorpion',
  'sea_horse',
  'snoopy',
  'starfish',
  'stegosaurus',
  'tick',
  'trilobite',
  'wild_cat',
]);
/** Sources of which every picture shows an animal. */
const ANIMAL_SOURCES = new Set(['raccoon']);

/**
 * Whether a picture is of an animal, a statue or a drawn character; by its class, which is the folder that it had at
 * its source.
 */
export function isAnimalOrCartoon({ source, origin }: PackRecord): boolean {
  return ANIMAL_SOURCES.has(source) || ANIMALS_AND_CARTOONS.has(origin.split('/').at(-2) ?? '');
}
