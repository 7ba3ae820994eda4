import fs from 'node:fs';
import * as vscode from 'vscode';
import { shippedPath } from '../../core/base/resources.js';
import { languageSetting } from '../settings/settings.js';
import { chosenLanguage, type Language } from './language.js';

/** The language that `tally.language` asks for. VS Code has no Hindi language pack, so the sentences come from `l10n/`. */
export const hostLanguage = (): Language =>
  chosenLanguage(languageSetting(), { name: vscode.env.language, sentences: vscode.l10n.bundle }, (name) =>
    fs.readFileSync(shippedPath('l10n', `bundle.l10n.${name}.json`), 'utf8'),
  );
