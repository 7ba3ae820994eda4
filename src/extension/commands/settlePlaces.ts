import { openDoubts } from '../settings/places.js';
import { placeWords as words } from '../settings/placeWords.js';
import type { Parts } from './command.js';

/**
 * Call this before the user's own books are loaded. Two folders may have a `.env`, and two sources may name different
 * companies or warehouses. One client's books could then go into another client's database, so this asks once which is
 * meant. False: the user left.
 */
export async function settlePlaces({ configuration, questions }: Parts): Promise<boolean> {
  const folders = await configuration.undecidedFolders();
  if (folders.length > 0) {
    const items = folders.map((folder) => ({ label: folder.name, detail: folder.uri.fsPath, folder }));
    const chosen = await questions.pick({ ...words.whichFolder(), items });
    if (!chosen) return false;
    await configuration.chooseFolder(chosen.folder);
  }
  for (const doubt of openDoubts(await configuration.sources())) {
    const { named, sources } = doubt;
    const answer = await questions.choose(words.doubt.question(doubt), words.doubt.detail(doubt), named);
    if (answer === undefined) return false;
    await configuration.settle(doubt, sources[named.indexOf(answer)]!);
  }
  return true;
}
