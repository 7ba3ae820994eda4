import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const folders = new Set<string>();
const remove = (folder: string): void => {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
};
process.once('exit', () => {
  for (const folder of folders) remove(folder); // folders of tests that were not selected
});

/** A new folder for the tests of a `describe`, which every account may pass through; removed after the tests. */
export function useFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-test-'));
  fs.chmodSync(folder, 0o755); // if the tests run as root, the embedded PostgreSQL runs under another account
  folders.add(folder);
  after('remove the folder', () => {
    remove(folder);
  });
  return folder;
}
