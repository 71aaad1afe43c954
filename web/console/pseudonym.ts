/**
 * Pseudonyms, so that a screen can be shared and a review is not influenced by the person. The same in every language:
 * people refer to sessions by them.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const ADJECTIVES = words(`
  Amber Azure Bold Brave Brisk Calm Clear Coral Deep Dusky Early Fair Fleet Gentle Golden Grand Green Grey Happy
  Hazel Ivory Jolly Keen Kind Late Light Lively Lucky Mellow Merry Mild Misty Neat Noble North Olive Pale Plain
  Proud Quick Quiet Rapid Rosy Royal Rustic Sandy Silent Silver Slow Small Snowy Solar Solid South Spry Steady
  Still Stout Sunny Swift Tall Tidy Warm West
`);
const ANIMALS = words(`
  Badger Bear Beaver Bison Bittern Buzzard Crane Curlew Deer Dove Eagle Egret Eider Elk Falcon Finch Fox Gannet
  Gecko Goose Grebe Grouse Gull Hare Hawk Heron Horse Ibex Ibis Jackdaw Jay Kestrel Kite Lark Linnet Lizard Lynx
  Marten Merlin Mole Moose Newt Osprey Otter Owl Plover Puffin Quail Rail Raven Robin Rook Salmon Seal Shrike
  Skylark Stork Swallow Swan Swift Tern Thrush Trout Vole Wren
`);

/** Pure: always the same for an id, and different for nearly all other ids. */
export function pseudonym(id: string): string {
  const hash = fnv(id);
  const [adjective, animal] = [
    ADJECTIVES[hash % ADJECTIVES.length],
    ANIMALS[Math.floor(hash / ADJECTIVES.length) % ANIMALS.length],
  ];
  return `${adjective} ${animal} ${100 + (fnv(`${id}#`) % 900)}`;
}

/** FNV-1a, 32 bits. */
function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
