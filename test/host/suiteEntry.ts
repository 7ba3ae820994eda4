import fs from 'node:fs';
import { findSourceMap } from 'node:module';
import path from 'node:path';

/** The stack trace with places in the TypeScript sources. (Node.js would do it, but VS Code formats stacks itself.) */
const inSources = (stack: string): string =>
  stack.replace(/[^\s():]*\/([\w.-]+\.test\.js):(\d+):(\d+)/g, (place, name: string, line: string, column: string) => {
    const file = path.join(__dirname, name); // mocha has made it relative to the working folder
    const entry = findSourceMap(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry)) return place;
    const source = path.resolve(__dirname, entry.originalSource.replace('file://', ''));
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });

/**
 * VS Code calls this function in its extension host. It runs the bundled suites beside this file and writes mocha's
 * counts to a file.
 */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const { default: Mocha } = await import('mocha');
  const grep = process.env.TEST_GREP;
  // A warning of Node.js counts as a failure: code that adds listeners again and again, in the product or in these
  // tests, leaks memory.
  const leaks: Error[] = [];
  process.on('warning', (warning) => {
    if (warning.name === 'MaxListenersExceededWarning') leaks.push(warning);
  });
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 30_000, retries: 1, ...(grep && { grep }) });
  for (const file of fs.readdirSync(__dirname).sort()) {
    if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  }
  const stats = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => {
      resolve(runner.stats!);
    });
    const record = (what: string, test: Mocha.Test, error: Error): void => {
      if (error.stack) error.stack = inSources(error.stack);
      const file = process.env.TEST_FAILURES;
      if (file) fs.appendFileSync(file, `${what}: ${test.fullTitle()}\n${error.stack ?? error.message}\n\n`);
    };
    runner.on('retry', (test: Mocha.Test, error: Error) => {
      record('Tried again', test, error);
    });
    runner.on('fail', (test: Mocha.Test, error: Error) => {
      record('Failed', test, error);
    });
  });
  for (const { stack } of leaks) console.error(`Listeners leak: ${inSources(stack ?? '')}`);
  stats.failures += leaks.length;
  // For VS Code an extension host that dies early is a success. Only these counts prove that the tests ran.
  fs.writeFileSync(process.env.VSCODE_TEST_RESULTS!, JSON.stringify(stats));
  if (stats.failures > 0) throw new Error(`${stats.failures} of ${stats.tests} tests failed`);
}
