import fs from 'node:fs';
import path from 'node:path';

/** The folder of the installed package: the nearest one above this file that holds the migrations. */
function packageRoot(): string {
  let folder = __dirname;
  while (!fs.existsSync(path.join(folder, 'migrations'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error(`The installation is incomplete: no migrations folder above ${__dirname}`);
    folder = parent;
  }
  return folder;
}

/** The path of a file or folder that ships beside the bundle: `templates`, `migrations`, `dist/…`. */
export const shippedPath = (...parts: string[]): string => path.join(packageRoot(), ...parts);
