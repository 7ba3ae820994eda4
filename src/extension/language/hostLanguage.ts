import fs from 'node:fs';
import * as vscode from 'vscode';
import { shippedPath } from '../../core/base/resources.js';
import { languageSetting } from '../settings/settings.js';
import { chosenLanguage, type Language } from './language.js';

/**
 * The language that `tally.language` asks for. VS Code has read the sentences of its own display language before it
 * loads the extension; there are languages that nobody has made a language pack for, Hindi among them.
 */
export const hostLanguage = (): Language =>
  chosenLanguage(languageSetting(), { name: vscode.env.language, sentences: vscode.l10n.bundle }, (name) =>
    fs.readFileSync(shippedPath('l10n', `bundle.l10n.${name}.json`), 'utf8'),
  );
