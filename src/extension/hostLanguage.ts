import * as vscode from 'vscode';
import { speak } from './language.js';

// VS Code has read l10n/bundle.l10n.LANGUAGE.json before it loads the extension.
speak({ name: vscode.env.language, sentences: vscode.l10n.bundle });
