import type { PackRecord } from './pack.ts';

/**
 * Caltech-101 classes (F.-F. Li et al., 2004) of animals and drawn characters, which resemble faces without being
 * human.
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
/** Sources in which every picture shows an animal. */
const ANIMAL_SOURCES = new Set(['raccoon']);

/** True for pictures of animals, statues and drawn characters, by class: the folder name in the source data set. */
export function isAnimalOrCartoon({ source, origin }: PackRecord): boolean {
  return ANIMAL_SOURCES.has(source) || ANIMALS_AND_CARTOONS.has(origin.split('/').at(-2) ?? '');
}
