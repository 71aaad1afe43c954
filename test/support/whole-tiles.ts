import type { Page } from 'playwright-core';

/** Tiles of the wall that lie in the window as a whole, and whatever one of them lacks. */
export const wholeTiles = (page: Page): Promise<{ tiles: number; lacks: string[] }> =>
  page.evaluate(`(() => {
    const tiles = [...document.querySelectorAll('.tile')].filter((tile) => {
      const { top, bottom, left, right } = tile.getBoundingClientRect();
      return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
    });
    const lacks = tiles.flatMap((tile) => {
      const name = tile.querySelector('.tile-name');
      const text = name.textContent;
      const line = parseFloat(getComputedStyle(name).lineHeight);
      return [
        ...(tile.querySelector('.picture').getBoundingClientRect().height < 80 ? [text + ': picture'] : []),
        // All of it, or two lines.
        ...(name.scrollHeight > name.clientHeight + 1 && name.clientHeight < 2 * line - 1 ? [text + ': name'] : []),
        ...(tile.querySelector('.tile-over .badge') ? [] : [text + ': attention']),
      ];
    });
    return { tiles: tiles.length, lacks };
  })()`);
