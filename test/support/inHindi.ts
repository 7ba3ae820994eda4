import { loadAnew } from './loadAnew.js';

/** A module with sentences, by its path from the root, as it is in a thread whose language is Hindi. */
export const inHindi = <Module>(file: string): Promise<Module> =>
  loadAnew(`
    module.exports = require('./${file}');
    const sentences = require('./l10n/bundle.l10n.hi.json');
    require('./src/extension/language/language.ts').speak({ name: 'hi', sentences });`);
