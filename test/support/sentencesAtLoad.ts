import fs from 'node:fs';
import path from 'node:path';
import { loadAnew } from './loadAnew.js';

const source = path.resolve(import.meta.dirname, '../../src');

/** Modules that run as soon as they are loaded. */
const starts = [
  'cli/cli.ts',
  'demo/demoThread.ts',
  'extension/jobs/jobWorker.ts',
  'extension/pages/coverage/coverageView.ts',
  'extension/pages/invoices/invoicesView.ts',
  'extension/pages/summary/summaryView.ts',
];

/** The sentences that the product's modules request while they are loaded, which is before a language can be set. */
export async function sentencesAtLoad(): Promise<string[]> {
  const files = fs
    .readdirSync(source, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => file.endsWith('.ts') && !starts.includes(file));
  const asked: string[] = [];
  const l10n = {
    t: (sentence: string) => {
      asked.push(sentence);
      return sentence;
    },
  };
  // Replaces every other package: none of its members is needed until something is called.
  const anything: object = new Proxy(Object, {
    get: (_, key) => (key === 'prototype' ? Object.prototype : anything),
    apply: () => anything,
    construct: () => anything,
  });
  await loadAnew(files.map((file) => `require('./src/${file}');`).join('\n'), 'external', (name) =>
    name === '@vscode/l10n' ? l10n : (process.getBuiltinModule(name) ?? anything),
  );
  return asked;
}
