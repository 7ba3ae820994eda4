import { loadAnew } from './loadAnew.js';

/** Modules with words, by their paths from the root, as they are in a thread that speaks Hindi. */
export function inHindi<Modules>(files: Record<keyof Modules & string, string>): Promise<Modules> {
  const loads = Object.entries<string>(files).map(([name, file]) => `${name}: require('./${file}')`);
  return loadAnew(`
    module.exports = { ${loads.join(', ')} };
    const sentences = require('./l10n/bundle.l10n.hi.json');
    require('./src/extension/language/language.ts').speak({ name: 'hi', sentences });`);
}
