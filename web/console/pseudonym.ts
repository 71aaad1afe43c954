/**
 * Names that say nothing about the person, so that a screen can be shared and a review is of what happened, not of who
 * it was.
 */

const MANNERS =
  'Amber Azure Bold Brave Brisk Calm Clear Coral Deep Dusky Early Fair Fleet Gentle Golden Grand Green Grey Happy Hazel Ivory Jolly Keen Kind Late Light Lively Lucky Mellow Merry Mild Misty Neat Noble North Olive Pale Plain Proud Quick Quiet Rapid Rosy Royal Rustic Sandy Silent Silver Slow Small Snowy Solar Solid South Spry Steady Still Stout Sunny Swift Tall Tidy Warm West'.split(
    ' ',
  );
const ANIMALS =
  'Badger Bear Beaver Bison Bittern Buzzard Crane Curlew Deer Dove Eagle Egret Eider Elk Falcon Finch Fox Gannet Gecko Goose Grebe Grouse Gull Hare Hawk Heron Horse Ibex Ibis Jackdaw Jay Kestrel Kite Lark Linnet Lizard Lynx Marten Merlin Mole Moose Newt Osprey Otter Owl Plover Puffin Quail Rail Raven Robin Rook Salmon Seal Shrike Skylark Stork Swallow Swan Swift Tern Thrush Trout Vole Wren'.split(
    ' ',
  );

/** Pure: the same for the same id, another one for nearly all others. */
export function pseudonym(id: string): string {
  const hash = fnv(id);
  const [manner, animal] = [
    MANNERS[hash % MANNERS.length],
    ANIMALS[Math.floor(hash / MANNERS.length) % ANIMALS.length],
  ];
  return `${manner} ${animal} ${100 + (fnv(`${id}#`) % 900)}`;
}

/** FNV-1a, 32 bits. */
function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
