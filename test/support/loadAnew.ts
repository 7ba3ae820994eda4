import path from 'node:path';
import vm from 'node:vm';
import esbuild from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * The exports of a module with this source, as if it were in the repository's root. The module and everything it
 * requires are loaded anew, as in a new thread. `lend` gives the modules that are not bundled.
 */
export async function loadAnew<Exports>(
  contents: string,
  packages: 'bundle' | 'external' = 'bundle',
  lend: (name: string) => unknown = (name) => process.getBuiltinModule(name),
): Promise<Exports> {
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    packages,
    platform: 'node',
    format: 'cjs',
    define: { 'import.meta.url': '""' },
    write: false,
  });
  const module = { exports: {} as Exports };
  const load = vm.runInThisContext(`(module, require) => { ${outputFiles[0]!.text} }`) as (...given: unknown[]) => void;
  load(module, lend);
  return module.exports;
}
